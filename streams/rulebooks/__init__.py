"""The topic `rulebooks`: content is published, switches are planned, rulebooks are loaded and cached."""
