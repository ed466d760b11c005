"""Units, cadres and their records, decisions, access, statistics, documents (hồ sơ cán bộ)."""
