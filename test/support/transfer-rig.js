import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';
import { startDeskPhone } from "./desk-phone.js";
const WITHIN_MS = 20_000;
const MOST_SEEN = 40;
async function demoPerson({ dataDir }, username) {
    const file = await readFile(join(dataDir, 'demo-accounts.json'), 'utf8');
    const accounts = JSON.parse(file);
    return { username, password: accounts.find((one) => one.username === username)?.password ?? '' };
}
async function signIn({ url }, { username, password }) {
    const signedIn = await fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ username, password }),
    });
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const session = (await signedIn.json());
    const headers = {
        cookie,
        origin: url,
        'x-csrf-token': session.csrfToken,
        'content-type': 'application/json',
    };
    const send = async (method, path, body) => {
        const response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) });
        const text = await response.text();
        return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    };
    return {
        person: session.person,
        cookie,
        send,
        async get(path) {
            const response = await fetch(`${url}${path}`, { headers: { cookie } });
            if (!response.ok)
                throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
            return (await response.json());
        },
        async must(method, path, body) {
            const answer = await send(method, path, body);
            if (answer.status >= 300)
                throw new Error(`${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
            return answer.body;
        },
    };
}
/** So many operators besides the demo's own, made by its admin, each with a password of their own. */
export async function hireOperators(site, count) {
    const admin = await signIn(site, await demoPerson(site, 'admin'));
    return Promise.all(Array.from({ length: count }, async (_, index) => {
        const username = `ca${String(index + 1)}`;
        const name = `Ca trực ${String(index + 1)}`;
        const first = await admin.must('POST', '/api/people', {
            username,
            name,
            role: 'operator',
        });
        const person = await signIn(site, { username, password: first.password });
        const password = `${first.password} ${first.password}`;
        await person.must('PUT', '/api/session/password', { current: first.password, next: password });
        return { username, password };
    }));
}
export async function seatDeskOperator(hotline, who, options = {}) {
    const { url, pbx } = hotline;
    const credentials = typeof who === 'string' ? await demoPerson(hotline, who) : who;
    const { person, cookie, get, send, must } = await signIn(hotline, credentials);
    const member = `op-${String(person.id)}`;
    let newestTransfer;
    let newestCall;
    /** For whoever waits in vain. */
    const seen = [];
    const listeners = new Set();
    let live = await openLive();
    /** A snapshot tells the same after the line was away. */
    function keep(message) {
        if (message.type !== 'transfer' && message.type !== 'call' && message.type !== 'snapshot')
            return;
        const transfer = 'transfer' in message ? message.transfer : null;
        const call = 'call' in message ? message.call : null;
        if (call !== null)
            newestCall = call;
        if (transfer === null)
            return;
        newestTransfer = transfer;
        seen.push(`${transfer.state}/${transfer.attempts.map(({ state }) => state).join('+')}`);
        if (seen.length > MOST_SEEN)
            seen.shift();
    }
    async function openLive() {
        const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, { headers: { cookie, origin: url } });
        await new Promise((resolve, reject) => {
            socket.once('open', () => {
                resolve();
            });
            socket.once('error', reject);
        });
        socket.on('message', (data) => {
            keep(JSON.parse(data.toString()));
            for (const listener of listeners)
                listener();
        });
        socket.on('error', () => undefined);
        socket.send(JSON.stringify({ type: 'hello', consoleId: `rig-${member}-console` }));
        socket.send(JSON.stringify({ type: 'phone', registered: true }));
        return socket;
    }
    async function until(what, look) {
        const found = look();
        if (found !== undefined)
            return found;
        return new Promise((resolve, reject) => {
            const stop = () => {
                clearTimeout(timer);
                listeners.delete(listener);
            };
            const listener = () => {
                const now = look();
                if (now === undefined)
                    return;
                stop();
                resolve(now);
            };
            const timer = setTimeout(() => {
                stop();
                reject(new Error(`waited in vain for ${what}; transfers seen: ${seen.join(', ')}`));
            }, WITHIN_MS);
            listeners.add(listener);
        });
    }
    const account = await get('/api/phone?kind=desk');
    const plugIn = () => startDeskPhone({
        install: pbx.install,
        username: account.username,
        password: account.password,
        pbxPort: pbx.ports.sip,
        speaks: join(pbx.voices.voicesDir, options.speaks ?? 'tone880.wav'),
        autoAnswer: options.autoAnswer ?? true,
    });
    let phone = await plugIn();
    await must('PUT', '/api/presence', { state: 'ready' });
    return {
        id: person.id,
        member,
        get phone() {
            return phone;
        },
        async replug() {
            await phone.pullPlug();
            phone = await plugIn();
        },
        get,
        post: (path, body) => send('POST', path, body),
        latest: () => newestTransfer,
        transfer: (fits, what = fits.toString()) => until(what, () => {
            const found = newestTransfer;
            return found !== undefined && fits(found) ? found : undefined;
        }),
        call: (fits) => until(fits.toString(), () => {
            const found = newestCall;
            return found !== undefined && fits(found) ? found : undefined;
        }),
        start: (targets, mode = 'consult', callId = newestCall?.id ?? '') => must('POST', '/api/transfers', { callId, mode, targets }),
        command: ({ id, state, current }, command) => must('POST', `/api/transfers/${id}/commands`, { command, state, current }),
        async ready() {
            await must('PUT', '/api/presence', { state: 'ready' });
        },
        async reopen() {
            live.terminate();
            live = await openLive();
        },
        async close() {
            live.terminate();
            await phone.stop();
        },
    };
}
//# sourceMappingURL=transfer-rig.js.map