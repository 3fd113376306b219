import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { buildConsole } from "../../src/cli/console-build.js";
import { createAriCalls } from "../bench-support/ari-calls.js";
import {} from "../bench-support/bench-result.js";
import { firstGoodAnswer } from "../bench-support/first-answer.js";
import { openPhoneNetwork } from "../bench-support/phone-network.js";
import { startService } from "../bench-support/service-process.js";
import { percentiles, round } from "../bench-support/statistics.js";
import { openTransferFloor } from "../bench-support/transfer-floor.js";
import { runTransfer, serviceWay, settle, } from "../bench-support/transfer-run.js";
import { atWorkbench } from "../bench-support/workbench.js";
import { startPbx } from "../support/pbx.js";
import { seatDeskOperator } from "../support/transfer-rig.js";
const HOME = resolve(import.meta.dirname, '../..');
/** Of each kind, not counted. */
const WARM_UP = 3;
/** More in a row means that something is broken, not slow. */
const MOST_LOST_IN_A_ROW = 3;
/** How far the p95 may lie above the floor's. */
const GOAL_OVER_FLOOR_MS = { musicMs: 100, ringMs: 150, talkMs: 100 };
/** How often it is looked whether this process stood still, and with it the clock of what is heard. */
const LOOK_EVERY_MS = 5;
const FIGURES = ['musicMs', 'ringMs', 'talkMs'];
/**
 * How long a warm transfer takes, by what people hear: from the click to music at the citizen's ear (`musicMs`), from the click
 * to the agency's phone (`ringMs`), from "complete" until citizen and agency hear each other (`talkMs`). In turn with the same
 * steps as bare calls, on the same PBX, through the same queue to the same desk phone. Real Asterisk, real SIP and sound; the
 * service is a process of its own. Citizen and agency are in this process, each with a tone of its own: what is heard is told from
 * each packet of 20 ms when it comes, so every time is exact to that, on both sides alike. Music begins
 * with an announcement, and that with a moment of silence: it is in `musicMs` of both.
 */
export async function run(context) {
    return atWorkbench(context, async ({ folder, afterwards }) => {
        const { progress, transfers } = context;
        await buildConsole({ home: HOME, progress });
        // What the agency is told before it is put through is no part of what is measured.
        const pbx = await startPbx();
        afterwards(() => pbx.stop());
        const network = await openPhoneNetwork(pbx);
        afterwards(async () => {
            network.close();
        });
        const service = await startService({ pbx, folder });
        afterwards(() => service.stop());
        await service.ready;
        await firstGoodAnswer(`${service.url}/readyz`, 10_000);
        const operator = await seatDeskOperator({ url: service.url, pbx, dataDir: join(folder, 'data') }, 'mai');
        afterwards(() => operator.close());
        const ari = createAriCalls(pbx.ari);
        const floor = await openTransferFloor(pbx, ari);
        afterwards(() => floor.close());
        const rig = { network, operator, ari };
        const ours = { way: serviceWay(operator), times: [], lost: [] };
        const bare = { way: floor, times: [], lost: [] };
        const callers = newCallers();
        progress(`${String(WARM_UP)} transfers of each kind to warm up`);
        await transferInTurn([ours, bare], WARM_UP, { rig, callers, progress });
        for (const side of [ours, bare])
            side.times.length = 0;
        const loadBefore = loadavg()[0] ?? 0;
        const stalls = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
        stalls.enable();
        const startMs = performance.now();
        await transferInTurn([ours, bare], transfers, { rig, callers, progress });
        return {
            ...result(ours, bare, transfers),
            warmUpTransfers: WARM_UP,
            ownStallMs: { p99: stallMs(stalls.percentile(99)), max: stallMs(stalls.max) },
            seconds: round((performance.now() - startMs) / 1_000, 0),
            cores: availableParallelism(),
            load: [round(loadBefore), round(loadavg()[0] ?? 0)],
        };
    });
}
/** One of each kind after the other, so that whatever slows the machine slows both; which comes first takes turns. */
async function transferInTurn(sides, transfers, { rig, callers, progress }) {
    let lostInARow = 0;
    for (let index = 0; index < transfers; index += 1) {
        for (const side of index % 2 === 0 ? sides : [...sides].reverse()) {
            const isLost = !(await transferOnce(rig, side, callers()));
            lostInARow = isLost ? lostInARow + 1 : 0;
            if (isLost)
                progress(`lost (${side.way.name}): ${side.lost.at(-1) ?? ''}`);
            if (lostInARow >= MOST_LOST_IN_A_ROW)
                throw new Error('no transfer comes through any more');
        }
        if ((index + 1) % 10 === 0)
            progress(`${String(index + 1)} of ${String(transfers)} transfers of each kind`);
    }
}
async function transferOnce(rig, { way, times, lost }, from) {
    try {
        const taken = await runTransfer(rig, way, from);
        await settle(rig, false);
        times.push(taken);
        return true;
    }
    catch (error) {
        lost.push(error instanceof Error ? error.message : String(error));
        await settle(rig, true);
        return false;
    }
}
/** What a look came too late by. */
function stallMs(nanoseconds) {
    return round(Math.max(0, nanoseconds / 1_000_000 - LOOK_EVERY_MS), 1);
}
/** Somebody new each time: a caller's history is no part of this. */
function newCallers() {
    let count = 0;
    return () => `095004${String((count += 1)).padStart(4, '0')}`;
}
function result(ours, bare, transfers) {
    const figures = summary(ours.times);
    const floor = summary(bare.times);
    const overFloor = mapFigures((figure) => round(figures[figure].p95 - floor[figure].p95));
    const overFloorP50 = mapFigures((figure) => round(figures[figure].p50 - floor[figure].p50));
    const met = mapFigures((figure) => overFloor[figure] <= GOAL_OVER_FLOOR_MS[figure]);
    const lost = ours.lost.length + bare.lost.length;
    return {
        n: ours.times.length,
        ...figures,
        lost,
        lostOurs: ours.lost.length,
        lostFloor: bare.lost.length,
        goalOverFloorP95Ms: GOAL_OVER_FLOOR_MS,
        overFloorP95Ms: overFloor,
        overFloorP50Ms: overFloorP50,
        met,
        floor: { n: bare.times.length, ...floor },
        ratio: Math.max(...FIGURES.map((figure) => round(figures[figure].p95 / floor[figure].p95))),
        goalMet: lost === 0 && ours.times.length === transfers && FIGURES.every((figure) => met[figure]),
    };
}
function summary(times) {
    return mapFigures((figure) => {
        const { p50, p95, p99, max } = percentiles(times.map((one) => one[figure]));
        return { p50: round(p50), p95: round(p95), p99: round(p99), max: round(max) };
    });
}
function mapFigures(map) {
    return { musicMs: map('musicMs'), ringMs: map('ringMs'), talkMs: map('talkMs') };
}
//# sourceMappingURL=transfer.js.map