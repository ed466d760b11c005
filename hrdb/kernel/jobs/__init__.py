"""Long work in the background (việc chạy nền)."""
