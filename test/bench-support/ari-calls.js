import {} from "../../src/cli/pbx.js";
import { untilFine } from "./polling.js";
const WITHIN_MS = 5_000;
/** Requests with no client between: what a bench looks with, and what its floor is made of. */
export function createAriCalls(ari) {
    const headers = { authorization: authorizationFor(ari) };
    return async (method, path, query = {}) => {
        const url = `${ari.url}/ari${path}?${new URLSearchParams(query).toString()}`;
        const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(WITHIN_MS) });
        const text = await response.text();
        if (!response.ok)
            throw new Error(`ARI ${method} ${path}: ${String(response.status)} ${text}`);
        return text === '' ? undefined : JSON.parse(text);
    };
}
/** HTTP Basic, which Asterisk asks first. */
export function authorizationFor({ user, secret }) {
    return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
}
/** All channels of the PBX now. */
export async function channelsOf(ari) {
    return (await ari('GET', '/channels'));
}
/** Resolves when the PBX has neither channel nor bridge left; throws after `withinMs`. */
export async function nothingLeft(ari, withinMs) {
    await untilFine(withinMs, async () => {
        const [channels, bridges] = await Promise.all([channelsOf(ari), ari('GET', '/bridges')]);
        const isEmpty = channels.length === 0 && Array.isArray(bridges) && bridges.length === 0;
        return isEmpty ? undefined : `legs or bridges were left: ${channels.map(({ name }) => name).join(', ')}`;
    });
}
//# sourceMappingURL=ari-calls.js.map