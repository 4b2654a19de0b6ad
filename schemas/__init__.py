"""The vocabulary: reports, cases, commands, events, regions and rulebooks as data. No I/O and no clock."""
