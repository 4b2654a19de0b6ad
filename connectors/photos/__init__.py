"""Photos: from what was sent to a small JPEG without EXIF, in a folder or a bucket."""
