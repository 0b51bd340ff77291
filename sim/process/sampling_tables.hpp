#pragma once

#include <array>
#include <cstdint>

/// Constants of the samplers in distribution.cpp, exact values rounded to nearest.
/// Written by generate_sampling_tables.py: change that, not this.
namespace leasehold::sim::tables {

/// ln 2, in units of 2^-32.
constexpr std::uint64_t kLn2 = 2977044472;

/// 0.001 / ln 2, in units of 2^-48: binary orders of magnitude per 1/1000 of a lognormal's sigma.
constexpr std::uint64_t kLog2PerMilli = 406082553035;

/// ln(1 + i / 256), in units of 2^-32.
extern const std::array<std::uint32_t, 257> kLog;

/// 2^(i / 256) - 1, in units of 2^-32; the last entry, 1, is one unit short.
extern const std::array<std::uint32_t, 257> kExp2;

/// The standard normal's upper quantile of the tail (1 + p / 64) * 2^(o - 49), in units of 2^-28,
/// at 64 * o + p: o the tail's octave, 0 to 47, p the piece in it. The last entry: tail 1/2.
constexpr int kNormalOctaves = 48;
constexpr int kNormalPiecesLog2 = 6;
extern const std::array<std::uint32_t, 3073> kNormal;

}  // namespace leasehold::sim::tables
