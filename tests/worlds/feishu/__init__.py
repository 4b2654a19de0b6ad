"""A fake of Feishu: its API, and people with phones. It behaves as the pages of open.feishu.cn say."""
