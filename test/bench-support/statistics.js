/** The value at or below which a share `p` (0 to 1) of the sample lies; nearest rank, so always a measured value. */
export function percentile(sample, p) {
    if (sample.length === 0)
        throw new RangeError('a percentile of nothing');
    const sorted = [...sample].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}
/** p50, p95, p99 and the worst. */
export function percentiles(sample) {
    return {
        p50: percentile(sample, 0.5),
        p95: percentile(sample, 0.95),
        p99: percentile(sample, 0.99),
        max: percentile(sample, 1),
    };
}
/** The middle one; of an even number the mean of the two in the middle. */
export function median(sample) {
    const sorted = [...sample].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    const upper = sorted[Math.floor(middle)];
    const lower = sorted[Math.ceil(middle) - 1];
    if (upper === undefined || lower === undefined)
        throw new RangeError('a median of nothing');
    return (upper + lower) / 2;
}
/** Rounded to so many decimals, for figures people read. */
export function round(value, decimals = 2) {
    const factor = 10 ** decimals;
    return Math.round(value * factor) / factor;
}
/** What to add to the other clock to get ours, from the probe with the shortest way; wrong by `errorMs` at most. */
export function alignClock(probes) {
    let best;
    for (const probe of probes) {
        if (best === undefined || probe.after - probe.before < best.after - best.before)
            best = probe;
    }
    if (best === undefined)
        throw new RangeError('a clock without a probe');
    const errorMs = (best.after - best.before) / 2;
    return { offsetMs: best.before + errorMs - best.there, errorMs };
}
//# sourceMappingURL=statistics.js.map