export function chanceOf(seed) {
    let state = seed >>> 0;
    const next = () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
    return {
        next,
        between: (from, to) => from + Math.floor(next() * (to - from + 1)),
        oneOf: (things) => things[Math.floor(next() * things.length)] ?? things[0],
        weighed(weights) {
            const entries = Object.entries(weights);
            let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
            for (const [name, weight] of entries) {
                rest -= weight;
                if (rest < 0)
                    return name;
            }
            throw new RangeError('no weights');
        },
    };
}
//# sourceMappingURL=random.js.map