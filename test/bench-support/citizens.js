import {} from "../../src/cli/carrier.js";
import {} from "./ami-tap.js";
/** So many people; each calls again and again, so that there is a history to show. */
const CITIZENS = 60;
/** How long a call may take from dialling to an operator's phone. */
const RINGS_WITHIN_MS = 20_000;
/** One number in use by at most one call at a time, and no two calls the same distance from a frame of the screen. */
export function createCitizens(carrier, tap) {
    const free = Array.from({ length: CITIZENS }, (_, index) => `0950001${String(index).padStart(3, '0')}`);
    const ringing = new Map();
    tap.onCall(({ from }) => ringing.get(from)?.());
    /** From dialling to the citizen's hanging up; false when no phone rang for it. */
    async function call(ringMs) {
        const from = free.shift();
        if (from === undefined)
            throw new Error('all citizens are on the phone: calls do not come through');
        const rang = new Promise((resolve) => {
            const timer = setTimeout(() => {
                resolve(false);
            }, RINGS_WITHIN_MS);
            ringing.set(from, () => {
                clearTimeout(timer);
                resolve(true);
            });
        });
        const placed = await carrier.placeCall({ from, speak: 'hello' });
        const reached = await rang;
        ringing.delete(from);
        await later(reached ? ringMs : 0);
        await hangUp(placed);
        free.push(from);
        return reached;
    }
    async function hangUp(placed) {
        await carrier.hangUp(placed.id);
        await placed.ended;
    }
    return {
        /** Places the calls at their pace; resolves when the last one is over, with how many rang and in what time they were placed. */
        async place({ calls, perSecond, ringMs, }) {
            const startMs = performance.now();
            const gapMs = 1_000 / perSecond;
            const running = [];
            for (let index = 0; index < calls; index += 1) {
                const dueMs = startMs + (index + Math.random()) * gapMs;
                await later(dueMs - performance.now());
                running.push(call(ringMs.from + Math.random() * (ringMs.to - ringMs.from)));
            }
            const seconds = (performance.now() - startMs) / 1_000;
            const reached = await Promise.all(running);
            return { rang: reached.filter(Boolean).length, seconds };
        },
    };
}
async function later(ms) {
    if (ms > 0)
        await new Promise((resolve) => setTimeout(resolve, ms));
}
//# sourceMappingURL=citizens.js.map