#!/usr/bin/env python3
"""Writes sampling_tables.hpp and sampling_tables.cpp into the given folder (default: its own).

Every entry is the exact value rounded to nearest: computed with 60 decimal digits, so that no
machine, library or compiler has a say in what a sample is.
"""
import pathlib
import sys
from decimal import Decimal, getcontext
from statistics import NormalDist

getcontext().prec = 60

STEPS = 256  # linear pieces of log2's and exp2's tables
OCTAVES = 48  # the tail probability's octaves, from 2^-49 to 1/2
PIECES = 64  # linear pieces of the normal quantile in each octave

LN2 = Decimal(2).ln()
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")


def rounded(value):
    return int(value.to_integral_value())


def upper_tail(z):
    """(1 - Phi(z), phi(z)) of the standard normal, z >= 0, by the series around 0."""
    density = (-z * z / 2).exp() / (2 * PI).sqrt()
    total = term = z
    k = 1
    while term > total * Decimal("1e-58"):
        k += 2
        term *= z * z / k
        total += term
    return Decimal("0.5") - density * total, density


def normal_quantile(tail):
    """The z with 1 - Phi(z) = tail: two Newton steps from a first guess good to 1e-9 or better."""
    z = Decimal(-NormalDist().inv_cdf(float(tail)))
    for _ in range(2):
        reached, density = upper_tail(z)
        z += (reached - tail) / density
    return z


def log_table():
    return [rounded((1 + Decimal(i) / STEPS).ln() * 2**32) for i in range(STEPS + 1)]


def exp2_table():
    exact = [rounded(((LN2 * i / STEPS).exp() - 1) * 2**32) for i in range(STEPS + 1)]
    return exact[:-1] + [2**32 - 1]


def normal_table():
    tails = [
        Decimal(PIECES + piece) / PIECES / 2 ** (OCTAVES + 1 - octave)
        for octave in range(OCTAVES)
        for piece in range(PIECES)
    ]
    return [rounded(normal_quantile(tail) * 2**28) for tail in tails] + [0]


def listing(name, values):
    rows = [
        "    " + ", ".join(f"0x{v:08x}" for v in values[i : i + 8]) + ","
        for i in range(0, len(values), 8)
    ]
    return f"const std::array<std::uint32_t, {len(values)}> {name} = {{\n" + "\n".join(rows) + "\n};\n"


HEADER = f"""#pragma once

#include <array>
#include <cstdint>

/// Constants of the samplers in distribution.cpp, exact values rounded to nearest.
/// Written by generate_sampling_tables.py: change that, not this.
namespace leasehold::sim::tables {{

/// ln 2, in units of 2^-32.
constexpr std::uint64_t kLn2 = {rounded(LN2 * 2**32)};

/// 0.001 / ln 2, in units of 2^-48: binary orders of magnitude per 1/1000 of a lognormal's sigma.
constexpr std::uint64_t kLog2PerMilli = {rounded(2**48 / (1000 * LN2))};

/// ln(1 + i / 256), in units of 2^-32.
extern const std::array<std::uint32_t, {STEPS + 1}> kLog;

/// 2^(i / 256) - 1, in units of 2^-32; the last entry, 1, is one unit short.
extern const std::array<std::uint32_t, {STEPS + 1}> kExp2;

/// The standard normal's upper quantile of the tail (1 + p / {PIECES}) * 2^(o - {OCTAVES + 1}), in units of 2^-28,
/// at {PIECES} * o + p: o the tail's octave, 0 to {OCTAVES - 1}, p the piece in it. The last entry: tail 1/2.
constexpr int kNormalOctaves = {OCTAVES};
constexpr int kNormalPiecesLog2 = {PIECES.bit_length() - 1};
extern const std::array<std::uint32_t, {OCTAVES * PIECES + 1}> kNormal;

}}  // namespace leasehold::sim::tables
"""

SOURCE = f"""// Written by generate_sampling_tables.py: change that, not this.
#include "sim/process/sampling_tables.hpp"

namespace leasehold::sim::tables {{

// clang-format off
{listing("kLog", log_table())}
{listing("kExp2", exp2_table())}
{listing("kNormal", normal_table())}
// clang-format on

}}  // namespace leasehold::sim::tables
"""

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
(folder / "sampling_tables.hpp").write_text(HEADER)
(folder / "sampling_tables.cpp").write_text(SOURCE)
