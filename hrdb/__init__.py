"""One record of a province's cán bộ, công chức, viên chức: the composition root."""
