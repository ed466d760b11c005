"""The roster (danh sách trích ngang): read and understood, compared with the record, written through the services."""
