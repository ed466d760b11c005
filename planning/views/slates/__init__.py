"""Pages of slates (phương án nhân sự)."""
