"""What 企业微信 (WeCom) and 微信 (WeChat) share: the cipher, the callback, its XML, and the client of their APIs."""
