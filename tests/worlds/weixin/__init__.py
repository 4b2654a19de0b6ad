"""A fake of WeCom and WeChat: their servers, and people with phones. It behaves as the vendor's pages say."""
