"""Other processors, as far as one can play them: in their last digits products and sums depend on the processor.

OpenBLAS and numpy have code of their own for each kind, and choose it as the environment tells them. Only on x86.
"""

import platform

import pytest

__all__ = ["PROCESSORS", "may_play"]

may_play = pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="others than x86 cannot be played")
_NO_AVX = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"
# What to set in the environment. The oldest have neither AVX nor fused multiplication; the newest has AVX-512, and
# crashes where this machine has none.
PROCESSORS = {
    "Core 2": {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": _NO_AVX},
    "Nehalem": {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": _NO_AVX},
    "Sandy Bridge": {"OPENBLAS_CORETYPE": "Sandybridge"},
    "Haswell": {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"},
    "Skylake-X": {"OPENBLAS_CORETYPE": "SkylakeX"},
}
