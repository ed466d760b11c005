"""History tables refuse UPDATE, DELETE and TRUNCATE in the database itself."""

from django.db import migrations

from hrdb.kernel.history import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("personnel", "0001_initial")]

    operations = [
        AppendOnly(
            "HistoricalAllowance",
            "HistoricalAsset",
            "HistoricalAssignment",
            "HistoricalCadre",
            "HistoricalCommendation",
            "HistoricalCustody",
            "HistoricalDecision",
            "HistoricalDelegation",
            "HistoricalDiscipline",
            "HistoricalEmployment",
            "HistoricalEstablishment",
            "HistoricalGrant",
            "HistoricalHealthCheck",
            "HistoricalJobPosition",
            "HistoricalLifeHistory",
            "HistoricalMandate",
            "HistoricalPartyMembership",
            "HistoricalPayStep",
            "HistoricalPoliticalReview",
            "HistoricalQualification",
            "HistoricalReceivingRequest",
            "HistoricalRelative",
            "HistoricalSeat",
            "HistoricalTitle",
            "HistoricalTitleStandard",
            "HistoricalUnit",
            "HistoricalUnitSuccession",
            "HistoricalUnitVersion",
        )
    ]
