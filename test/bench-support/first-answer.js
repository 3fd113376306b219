import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
/** Short beside what is measured, long enough not to take the processor from it. */
const ASK_EVERY_MS = 4;
/** Asks until the answer is 200; answers when that was, on `performance.now()`. Throws after `withinMs`. */
export async function firstGoodAnswer(url, withinMs) {
    const endMs = performance.now() + withinMs;
    for (;;) {
        const status = await statusOf(url);
        if (status === 200)
            return performance.now();
        if (performance.now() > endMs)
            throw new Error(`${url} did not answer 200 in time (last: ${String(status)})`);
        await sleep(ASK_EVERY_MS);
    }
}
async function statusOf(url) {
    return new Promise((resolve) => {
        get(url, (response) => {
            response.resume();
            response.on('end', () => {
                resolve(response.statusCode);
            });
        }).on('error', () => {
            resolve(undefined);
        });
    });
}
//# sourceMappingURL=first-answer.js.map