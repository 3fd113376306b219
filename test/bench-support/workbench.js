import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {} from "./bench-result.js";
/** Runs a bench with a folder of its own and ends everything it began, also when it fails or Ctrl-C comes. */
export async function atWorkbench({ stopped }, work) {
    const folder = await mkdtemp(join(tmpdir(), 'tongdai-bench-'));
    const ends = [];
    const interrupted = new Promise((_resolve, reject) => {
        stopped.addEventListener('abort', () => {
            reject(new Error('stopped'));
        });
    });
    interrupted.catch(() => undefined); // it only matters while the work is under way
    try {
        return await Promise.race([work({ folder, afterwards: (end) => void ends.push(end) }), interrupted]);
    }
    finally {
        for (const end of ends.reverse())
            await end().catch(() => undefined);
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
}
//# sourceMappingURL=workbench.js.map