"""Chromosomes of the genome assemblies that binding sites are placed on, with their lengths.

Lengths are those of the UCSC genome browser (`chrom.sizes` of each assembly); WormBase WS220 has
those of ce10, too. Mitochondrial DNA and sequences that are not placed on a chromosome are left
out: no drawing has room for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final


def _numbered(*lengths: int, **named: int) -> Mapping[str, int]:
    """Chromosomes 1, 2, ... by their lengths, followed by those that have other names."""
    numbered = {str(number): length for number, length in enumerate(lengths, 1)}
    return MappingProxyType({**numbered, **named})


def _roman(*lengths: int, **named: int) -> Mapping[str, int]:
    return MappingProxyType({**dict(zip(_ROMAN, lengths, strict=False)), **named})


_ROMAN: Final[Sequence[str]] = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII"),
    *("IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"),
)

#: Lengths in bases by assembly and chromosome (without `chr`), in the order in which they are
#: drawn.
ASSEMBLIES: Final[Mapping[str, Mapping[str, int]]] = {
    "hg38": _numbered(
        *(248_956_422, 242_193_529, 198_295_559, 190_214_555, 181_538_259, 170_805_979),
        *(159_345_973, 145_138_636, 138_394_717, 133_797_422, 135_086_622, 133_275_309),
        *(114_364_328, 107_043_718, 101_991_189, 90_338_345, 83_257_441, 80_373_285),
        *(58_617_616, 64_444_167, 46_709_983, 50_818_468),
        X=156_040_895,
        Y=57_227_415,
    ),
    "mm10": _numbered(
        *(195_471_971, 182_113_224, 160_039_680, 156_508_116, 151_834_684, 149_736_546),
        *(145_441_459, 129_401_213, 124_595_110, 130_694_993, 122_082_543, 120_129_022),
        *(120_421_639, 124_902_244, 104_043_685, 98_207_768, 94_987_271, 90_702_639),
        61_431_566,
        X=171_031_299,
        Y=91_744_698,
    ),
    "rn6": _numbered(
        *(282_763_074, 266_435_125, 177_699_992, 184_226_339, 173_707_219, 147_991_367),
        *(145_729_302, 133_307_652, 122_095_297, 112_626_471, 90_463_843, 52_716_770),
        *(114_033_958, 115_493_446, 111_246_239, 90_668_790, 90_843_779, 88_201_929),
        *(62_275_575, 56_205_956),
        X=159_970_021,
        Y=3_310_458,
    ),
    "rn7": _numbered(
        *(260_522_016, 249_053_267, 169_034_231, 182_687_754, 166_875_058, 140_994_061),
        *(135_012_528, 123_900_184, 114_175_309, 107_211_142, 86_241_447, 46_669_029),
        *(106_807_694, 104_886_043, 101_769_107, 84_729_064, 86_533_673, 83_828_827),
        *(57_337_602, 54_435_887),
        X=152_453_651,
        Y=18_315_841,
    ),
    "danRer10": _numbered(
        *(58_871_917, 59_543_403, 62_385_949, 76_625_712, 71_715_914, 60_272_633),
        *(74_082_188, 54_191_831, 56_892_771, 45_574_255, 45_107_271, 49_229_541),
        *(51_780_250, 51_944_548, 47_771_147, 55_381_981, 53_345_113, 51_008_593),
        *(48_790_377, 55_370_968, 45_895_719, 39_226_288, 46_272_358, 42_251_103),
        36_898_761,
    ),
    "danRer11": _numbered(
        *(59_578_282, 59_640_629, 62_628_489, 78_093_715, 72_500_376, 60_270_059),
        *(74_282_399, 54_304_671, 56_459_846, 45_420_867, 45_484_837, 49_182_954),
        *(52_186_027, 52_660_232, 48_040_578, 55_266_484, 53_461_100, 51_023_478),
        *(48_449_771, 55_201_332, 45_934_066, 39_133_080, 46_223_584, 42_172_926),
        37_502_051,
    ),
    "dm6": MappingProxyType(
        {
            "2L": 23_513_712,
            "2R": 25_286_936,
            "3L": 28_110_227,
            "3R": 32_079_331,
            "4": 1_348_131,
            "X": 23_542_271,
            "Y": 3_667_352,
        }
    ),
    "ce10": _roman(
        *(15_072_423, 15_279_345, 13_783_700, 17_493_793, 20_924_149), X=17_718_866
    ),
    "ce11": _roman(
        *(15_072_434, 15_279_421, 13_783_801, 17_493_829, 20_924_180), X=17_718_942
    ),
    "sacCer3": _roman(
        *(230_218, 813_184, 316_620, 1_531_933, 576_874, 270_161, 1_090_940, 562_643),
        *(439_888, 745_751, 666_816, 1_078_177, 924_431, 784_333, 1_091_291, 948_066),
    ),
}  # fmt: skip


def chromosomes_of(assembly: str) -> Mapping[str, int]:
    """Lengths by chromosome (without `chr`); none for an assembly that is not listed."""
    return ASSEMBLIES.get(assembly, {})
