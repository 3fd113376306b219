import { resolve } from 'node:path';
import { readCalendars } from "../../src/deadlines/calendar.js";
import { addWorkingMinutes, compileCalendar, workingMinutesBetween, } from "../../src/deadlines/working-time-policy.js";
import {} from "../bench-support/bench-result.js";
import { median, round } from "../bench-support/statistics.js";
import { slowAdd, slowBetween } from "../support/slow-working-time.js";
const CITY_DIR = resolve(import.meta.dirname, '../../config/haiphong');
const RUNS = 9;
const ADDITIONS = 2_000_000;
/** The slow model walks days; it needs fewer to be measured as well. */
const SLOW_ADDITIONS = 20_000;
const GOAL_PER_SECOND = 1_000_000;
/** Allowances of the regulation, in minutes: Đ8.3, Đ9.3, Đ9.4. */
const ALLOWANCES = [60, 480, 2_880];
/** No two additions in a row begin on the same day. A prime, so that every minute of the year comes. */
const STEP_MS = 97 * 3_607_003;
/** How many due times one core works out a second, over two years of Hải Phòng's calendar; beside walking day by day. */
export async function run({ progress, stopped }) {
    const startedMs = performance.now();
    const [table] = readCalendars(CITY_DIR);
    if (table === undefined)
        throw new Error('the city has no calendar');
    const city = compileCalendar(table);
    const compileMs = performance.now() - startedMs;
    const starts = { fromMs: Date.UTC(2024, 0, 8), spanMs: 650 * 86_400_000 };
    const additions = [];
    const measures = [];
    const slowAdditions = [];
    const slowMeasures = [];
    for (let index = 0; index < RUNS; index += 1) {
        stopped.throwIfAborted();
        additions.push(perSecond(ADDITIONS, starts, (ms, minutes) => addWorkingMinutes(city, ms, minutes)));
        measures.push(perSecond(ADDITIONS, starts, (ms, minutes) => workingMinutesBetween(city, ms, ms + minutes * 180_000)));
        slowAdditions.push(perSecond(SLOW_ADDITIONS, starts, (ms, minutes) => numberOf(slowAdd(table, ms, minutes))));
        slowMeasures.push(perSecond(SLOW_ADDITIONS, starts, (ms, minutes) => numberOf(slowBetween(table, ms, ms + minutes * 180_000))));
        progress(`run ${String(index + 1)} of ${String(RUNS)}: ${String(additions.at(-1))} additions a second`);
    }
    const additionsPerSecond = median(additions);
    const floor = { additionsPerSecond: median(slowAdditions), measuresPerSecond: median(slowMeasures) };
    return {
        n: RUNS * ADDITIONS,
        additionsPerSecond,
        additionsPerSecondMin: Math.min(...additions),
        measuresPerSecond: median(measures),
        compileMs: round(compileMs, 1),
        goalPerSecond: GOAL_PER_SECOND,
        floor,
        ratio: round(additionsPerSecond / floor.additionsPerSecond),
        goalMet: additionsPerSecond >= GOAL_PER_SECOND,
    };
}
function perSecond(count, { fromMs, spanMs }, work) {
    let sum = 0;
    let offsetMs = 0;
    const startedMs = performance.now();
    for (let index = 0; index < count; index += 1) {
        offsetMs = (offsetMs + STEP_MS) % spanMs;
        sum += work(fromMs + offsetMs, ALLOWANCES[index % ALLOWANCES.length] ?? 0);
    }
    const tookMs = performance.now() - startedMs;
    // The sum is used, so that no compiler may leave the work out; and it shows a wrong turn.
    if (!Number.isFinite(sum))
        throw new Error('an addition had no result');
    return Math.round((count / tookMs) * 1_000);
}
function numberOf(answer) {
    return answer === 'ended' ? Number.NaN : answer;
}
//# sourceMappingURL=deadline.js.map