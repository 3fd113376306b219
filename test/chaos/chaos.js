import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { buildConsole } from "../../src/cli/console-build.js";
import { openTransferStage } from "../support/transfer-stage.js";
import { walkTransfers } from "./transfer-walk.js";
const HOME = resolve(import.meta.dirname, '../..');
/** As many transfers at once. */
const OPERATORS = 6;
/** A walk on a stage of its own, with the machine it ran on. */
export async function run(options) {
    await buildConsole({ home: HOME, progress: options.progress });
    const stage = await openTransferStage(OPERATORS);
    try {
        const report = await walkTransfers(stage, options);
        return { ...report, cores: availableParallelism(), load: Math.round((loadavg()[0] ?? 0) * 10) / 10 };
    }
    finally {
        await stage.stop();
    }
}
//# sourceMappingURL=chaos.js.map