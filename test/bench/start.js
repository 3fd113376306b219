import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {} from 'playwright-core';
import { buildConsole } from "../../src/cli/console-build.js";
import { cacheFolder, currentEnvironment } from "../../src/cli/environment.js";
import { pickPorts } from "../../src/cli/free-ports.js";
import {} from "../bench-support/bench-result.js";
import { demoAccount, signIn } from "../bench-support/desk-people.js";
import { firstGoodAnswer } from "../bench-support/first-answer.js";
import { startService, stopChild } from "../bench-support/service-process.js";
import { median, round } from "../bench-support/statistics.js";
import { atWorkbench } from "../bench-support/workbench.js";
import { openBrowser } from "../support/chromium.js";
import { startPbx } from "../support/pbx.js";
const HOME = resolve(import.meta.dirname, '../..');
const RUNS = 9;
const GOAL_MS = 500;
const GOAL_MB = 150;
const WITHIN_MS = 20_000;
/** Idle is what is left a while after a console has come. */
const IDLE_AFTER_MS = 5_000;
/**
 * How long after its process starts the service is ready on a PBX that runs, with a database that exists, and how much memory
 * it holds with one console open; beside a Fastify that says hello, in turn.
 */
export async function run(context) {
    return atWorkbench(context, async ({ folder, afterwards }) => {
        await buildConsole({ home: HOME, progress: context.progress });
        const pbx = await startPbx();
        afterwards(() => pbx.stop());
        const browser = await openBrowser();
        afterwards(() => browser.close());
        context.progress('first start: makes the database and its people');
        const first = await startOnce(pbx, folder);
        const operator = await demoAccount(folder, 'mai');
        const ours = [];
        const bare = [];
        for (let index = 0; index < RUNS; index += 1) {
            ours.push(await startOnce(pbx, folder, { browser, operator }));
            bare.push(await startBare());
            context.progress(`run ${String(index + 1)} of ${String(RUNS)}: ${String(round(ours.at(-1)?.readyMs ?? 0, 0))} ms`);
        }
        const figures = summary(ours);
        const floor = summary(bare);
        return {
            n: RUNS,
            ...figures,
            healthP50Ms: round(median(ours.map(({ healthMs = 0 }) => healthMs)), 0),
            readyLineP50Ms: round(median(ours.map(({ logMs = 0 }) => logMs)), 0),
            firstStartMs: round(first.readyMs, 0),
            goalMs: GOAL_MS,
            goalMb: GOAL_MB,
            floor,
            ratio: round(figures.readyP50Ms / floor.readyP50Ms),
            rssRatio: round(figures.rssP50Mb / floor.rssP50Mb),
            goalMet: figures.readyP50Ms <= GOAL_MS && figures.rssP50Mb <= GOAL_MB,
        };
    });
}
function summary(runs) {
    const ready = runs.map(({ readyMs }) => readyMs);
    const rss = runs.map(({ rssMb }) => rssMb);
    return {
        readyP50Ms: round(median(ready), 0),
        readyMaxMs: round(Math.max(...ready), 0),
        rssP50Mb: round(median(rss), 1),
        rssMaxMb: round(Math.max(...rss), 1),
    };
}
async function startOnce(pbx, folder, console) {
    await mkdir(folder, { recursive: true });
    const service = await startService({ pbx, folder });
    try {
        const [healthAt, readyAt, logAt] = await Promise.all([
            firstGoodAnswer(`${service.url}/healthz`, WITHIN_MS),
            firstGoodAnswer(`${service.url}/readyz`, WITHIN_MS),
            service.ready,
        ]);
        const since = (atMs) => atMs - service.startedAtMs;
        const times = {
            readyMs: since(Math.max(healthAt, readyAt, logAt)),
            healthMs: since(healthAt),
            logMs: since(logAt),
        };
        if (console === undefined)
            return { ...times, rssMb: 0 };
        const page = await console.browser.newContext();
        await signIn(page.request, service.url, console.operator);
        await (await page.newPage()).goto(service.url);
        await sleep(IDLE_AFTER_MS);
        const rssMb = await residentMb(service.pid);
        await page.close();
        return { ...times, rssMb };
    }
    finally {
        await service.stop();
    }
}
async function startBare() {
    const [port = 0] = await pickPorts([{ kind: 'tcp' }]);
    const startedAtMs = performance.now();
    const program = join(HOME, 'test/bench-support/bare-fastify.ts');
    const environment = currentEnvironment();
    const child = spawn(process.execPath, [program, String(port)], {
        stdio: 'ignore',
        env: { ...environment, NODE_COMPILE_CACHE: join(cacheFolder(environment), 'compiled') },
    });
    try {
        const readyMs = (await firstGoodAnswer(`http://127.0.0.1:${String(port)}/healthz`, WITHIN_MS)) - startedAtMs;
        await sleep(IDLE_AFTER_MS);
        return { readyMs, rssMb: await residentMb(child.pid ?? 0) };
    }
    finally {
        await stopChild(child);
    }
}
/** VmRSS of Linux, in 1,000,000 bytes. */
async function residentMb(pid) {
    const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
    return (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1_024) / 1_000_000;
}
//# sourceMappingURL=start.js.map