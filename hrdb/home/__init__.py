"""The home page (Tổng quan), composed of the cards that the apps register."""
