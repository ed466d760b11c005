"""The embedded PostgreSQL."""

import pytest
from django.db import connection

pytestmark = pytest.mark.database


@pytest.mark.django_db
def test_database_knows_vietnamese_letters() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower('ĐẶNG THỊ ƯỚC'), 'Ặ' ILIKE 'ặ'")
        assert cursor.fetchone() == ("đặng thị ước", True)
