"""The reference list of all regions of Indonesia is taken over in bulk."""

from sqlalchemy import event, func, select

from app.extensions import db as database
from app.regions import queries, services
from app.regions.models import Region
from app.regions.services import REFERENCE_COUNTS, import_regions, reference_rows


def test_the_reference_data_is_the_decree_of_2025():
    counted = dict.fromkeys(REFERENCE_COUNTS, 0)
    codes = set()
    for code, name in reference_rows():
        counted[services.level_of(code)] += 1
        codes.add(code)
        assert name.strip()
    assert list(counted.values()) == [38, 514, 7285, 83762]
    assert counted == REFERENCE_COUNTS
    assert len(codes) == 91_599


def test_the_whole_nation_is_imported_in_bulk_and_the_second_time_changes_nothing(file_app):
    statements = []
    with file_app.app_context():
        event.listen(database.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        report = import_regions(reference_rows())

        assert len(statements) < 1000  # seconds on an idle machine; one statement a row takes minutes on any
        assert report.levels == {
            "nation": 1,
            "provinsi": 38,
            "kabupaten": 514,
            "kecamatan": 7285,
            "desa": 83762,
        }
        assert (report.removed, report.changed) == ([], [])
        assert tuple(import_regions(reference_rows()).counts.values()) == (0, 0, 0)
        parentless = select(func.count()).where(Region.parent_id.is_(None))
        assert database.session.scalar(parentless) == 1
        desa = queries.find_region("33.74.01.1001")
        assert (desa.scope_code, desa.zone, desa.parent.code) == ("33.74.01.1001", "Asia/Jakarta", "33.74.01")
