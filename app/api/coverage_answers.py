"""What programs receive about coverage, targets and surveys, in the words of JSON Schema."""

from app.api.schemas import (
    COUNT,
    DAY,
    ID,
    MOMENT,
    NUMBER,
    REGION,
    TEXT,
    TRUTH,
    Json,
    many,
    maybe,
    one_of,
    row,
)
from app.coverage.rules import CoverageLevel, TargetState

COVERAGE_ROW = row(
    code=REGION,
    name=TEXT,
    villages={**COUNT, "description": "Semua desa/kelurahan: yang memiliki PSM aktif, empty, dan unknown."},
    active={**COUNT, "description": "PSM aktif: dengan SK yang berlaku, bertugas di sini pada hari itu."},
    trained={**COUNT, "description": "Di antaranya yang memegang jenjang apa pun; jumlah by_tier."},
    by_tier={
        "type": "object",
        "additionalProperties": COUNT,
        "description": (
            "PSM aktif menurut jenjang tertingginya, setiap orang sekali; active - trained adalah yang belum"
            " berjenjang. Dalam berkas: satu kolom setiap jenjang, by_tier_KODE."
        ),
    },
    target=maybe(
        {
            **COUNT,
            "description": (
                "Orang yang diinginkan di setiap desa/kelurahan; null: belum ada target sama sekali"
                " (targets_differ false), atau tidak sama di setiap desa/kelurahan (targets_differ true)."
            ),
        }
    ),
    target_tier=maybe(
        {
            **TEXT,
            "description": (
                "Kode jenjang terendah yang dihitung target: orang dengan jenjang ini atau lebih tinggi; null"
                " bila target null, atau bila PSM aktif mana pun dihitung, terlatih atau belum."
            ),
        }
    ),
    targets_differ={
        **TRUTH,
        "description": (
            "Desa/kelurahannya tidak semua mempunyai target yang sama; true juga bila sebagian belum"
            " mempunyai target."
        ),
    },
    wanted=maybe(
        {
            **COUNT,
            "description": (
                "Jumlah target semua desa/kelurahannya: reached + gap + wanted_unknown; null bila tidak satu"
                " pun mempunyai target."
            ),
        }
    ),
    wanted_unknown={
        **COUNT,
        "description": (
            "Bagian wanted di desa/kelurahan yang belum ada datanya: tidak diketahui ada atau kurang."
        ),
    },
    reached=maybe(
        {**COUNT, "description": "Yang sudah ada; di setiap desa/kelurahan paling banyak targetnya."}
    ),
    gap=maybe(
        {
            **COUNT,
            "description": (
                "Yang masih kurang di desa/kelurahan yang ada datanya; yang lebih tidak menutupi yang kurang."
            ),
        }
    ),
    to_train={
        **COUNT,
        "description": (
            "Bagian gap yang targetnya meminta jenjang; target PSM aktif mana pun tidak meminta diklat."
        ),
    },
    unknown={
        **COUNT,
        "description": (
            "Desa/kelurahan yang belum ada datanya: belum seorang pun dicatat, belum dinyatakan lengkap."
        ),
    },
    without_target={**COUNT, "description": "Desa/kelurahan tanpa target; tidak masuk wanted."},
    empty={**COUNT, "description": "Desa/kelurahan tanpa PSM aktif, di antara yang ada datanya."},
    untrained={
        **COUNT,
        "description": (
            "Desa/kelurahan tanpa PSM aktif yang terlatih, di antara yang ada datanya; empty termasuk."
        ),
    },
    level={
        **one_of(CoverageLevel),
        "description": (
            "Keadaan: "
            + "; ".join(f"{each.value}: {str(each.label).lower()}" for each in CoverageLevel)
            + "."
        ),
    },
)
COVERAGE_ROWS = (
    "Satu baris setiap wilayah setingkat di bawahnya pada hari itu; kosong untuk desa/kelurahan. Setiap"
    " bilangan di total adalah jumlah bilangan itu di rows, kecuali target; null dihitung 0. Dalam berkas,"
    " kolom row membedakan baris wilayah (region) dari jumlahnya (total)."
)
DESA = row(code=REGION, name=TEXT)
SHORT_DESA = row(
    code=REGION,
    name=TEXT,
    missing={**NUMBER, "description": "Orang yang masih kurang dari target desa/kelurahan ini."},
)

COVERAGE_SCHEMAS: dict[str, Json] = {
    "Target": row(
        id=ID,
        region=REGION,
        starts_on=DAY,
        state=one_of(TargetState),
        withdrawn_at=maybe(MOMENT),
        may_withdraw=TRUTH,
        per_desa=maybe(
            {**COUNT, "description": "null: sejak tanggal itu target wilayah di atasnya yang berlaku."}
        ),
        tier=maybe(
            {
                **TEXT,
                "description": (
                    "Jenjang terendah yang dihitung; null: PSM aktif mana pun, atau tanpa target sendiri."
                ),
            }
        ),
    ),
    "Survey": row(
        id=ID,
        region=REGION,
        complete_on=DAY,
        taken_back_at=maybe(MOMENT),
        end_reason=maybe(TEXT),
        ended_on=maybe(
            {
                **DAY,
                "description": (
                    "Hari pertama pernyataan tidak lagi dihitung; sama dengan complete_on: tidak pernah."
                ),
            }
        ),
    ),
    "Coverage": row(
        region=REGION,
        as_of=DAY,
        rows={**many(COVERAGE_ROW), "description": COVERAGE_ROWS},
        total=COVERAGE_ROW,
    ),
    "CoverageGaps": row(
        region=REGION,
        as_of=DAY,
        without_psm={**many(DESA), "description": "Tanpa PSM aktif; yang belum ada datanya tidak termasuk."},
        without_trained_psm={
            **many(DESA),
            "description": "Tanpa PSM aktif yang terlatih; without_psm termasuk.",
        },
        short={
            **many(SHORT_DESA),
            "description": "Yang masih kurang dari targetnya; jumlah missing adalah gap pada cakupan.",
        },
        without_data={
            **many(DESA),
            "description": "Belum seorang pun dicatat dan belum dinyatakan lengkap: bukan tanpa PSM.",
        },
    ),
}
