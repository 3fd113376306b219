import { join, resolve } from 'node:path';
import { openDb } from "../../src/db/open.js";
import { createDeadlineClock } from "../../src/deadlines/deadline-clock.js";
import { createDeadlineKeeper } from "../../src/deadlines/deadline-keeper.js";
import { createDeadlineStore } from "../../src/deadlines/deadline-store.js";
import { readCalendars } from "../../src/deadlines/calendar.js";
import { createWorkingCalendars } from "../../src/deadlines/service.js";
import {} from "../bench-support/bench-result.js";
import { percentiles, round } from "../bench-support/statistics.js";
import { atWorkbench } from "../bench-support/workbench.js";
const HOME = resolve(import.meta.dirname, '../..');
const OPEN = 100_000;
const SWEEPS = 60;
const GOAL_MS = 100;
/** Of the open ones, as many run out at each measured sweep with work: a busy minute. */
const BREACHES = 20;
/**
 * How long the minute's sweep takes with 100,000 clocks running: with nothing to do, and with twenty that ran out, each marked in
 * a transaction of its own on the disk. Beside it, as floor, the same rows looked through without an index.
 */
export async function run(context) {
    return atWorkbench(context, async ({ folder, afterwards }) => {
        const db = openDb(join(folder, 'sweep.sqlite'), join(HOME, 'migrations'));
        afterwards(async () => {
            db.close();
        });
        const cityDir = join(HOME, 'config/haiphong');
        const calendars = createWorkingCalendars({
            calendars: readCalendars(cityDir),
            calendarIdOf: () => undefined,
        });
        const firstMs = Date.UTC(2026, 2, 2, 1);
        let nowMs = firstMs;
        let breached = 0;
        const store = createDeadlineStore(db);
        const keeper = createDeadlineKeeper({
            store,
            clock: createDeadlineClock(calendars, () => undefined),
            transaction: db.transaction.bind(db),
            now: () => new Date(nowMs),
            onBreach: () => {
                breached += 1;
            },
            onWarn: () => undefined,
            log: { error: () => undefined },
        });
        context.progress(`${String(OPEN)} clocks`);
        db.transaction(() => {
            for (let ticketId = 1; ticketId <= OPEN; ticketId += 1) {
                // As many run out in each minute to come.
                const dueMs = firstMs + (Math.floor(ticketId / BREACHES) + 1) * 60_000 - 1;
                store.add({
                    ticketId,
                    kind: 'officer',
                    round: 1,
                    unitId: null,
                    startedAt: new Date(firstMs).toISOString(),
                    dueAt: new Date(dueMs).toISOString(),
                    calendarId: 'city',
                    calendarVersion: '1',
                    policyVersion: 1,
                    explanation: '',
                });
            }
        });
        const idle = [];
        const busy = [];
        const scan = [];
        const everyRow = db.raw.prepare('select count(*) from deadlines not indexed where due_at < ? and satisfied_at is null and breached_at is null');
        for (let count = 0; count < SWEEPS; count += 1) {
            context.stopped.throwIfAborted();
            idle.push(timed(() => keeper.sweep()));
            scan.push(timed(() => everyRow.get(new Date(nowMs).toISOString())));
            nowMs += 60_000;
            busy.push(timed(() => keeper.sweep()));
        }
        const sweepMs = percentiles(busy);
        const floor = { scanMs: rounded(percentiles(scan)) };
        return {
            n: SWEEPS,
            openDeadlines: OPEN,
            idleSweepMs: rounded(percentiles(idle)),
            sweepMs: rounded(sweepMs),
            breachedPerSweep: round(breached / SWEEPS, 1),
            goalMs: GOAL_MS,
            floor,
            ratio: round(sweepMs.p50 / Math.max(0.001, percentiles(scan).p50), 2),
            goalMet: sweepMs.p95 <= GOAL_MS,
        };
    });
}
function timed(work) {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
}
function rounded(figures) {
    return Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, round(ms, 2)]));
}
//# sourceMappingURL=sweep.js.map