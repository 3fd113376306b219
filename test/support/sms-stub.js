import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import {} from 'node:net';
const ACCOUNT = 'AC00000000000000000000000000000000';
export const STUB_ACCOUNT = { accountSid: ACCOUNT, authToken: 'stub-token', from: '1022HP' };
/**
 * The provider's API on a loopback port, awkward on purpose. `send` carries reports to the service: by default a real
 * HTTP POST, or straight into a Fastify instance.
 */
export async function startSmsStub(send = postHttp) {
    const messages = [];
    const moods = [];
    const waiting = [];
    let posts = 0;
    const hanging = new Set();
    const post = (url, form, token = STUB_ACCOUNT.authToken) => {
        const signed = Object.keys(form)
            .sort()
            .reduce((text, key) => text + key + (form[key] ?? ''), url);
        return send(url, new URLSearchParams(form).toString(), {
            'content-type': 'application/x-www-form-urlencoded',
            'x-twilio-signature': createHmac('sha1', token).update(signed).digest('base64'),
        });
    };
    const tell = ({ message, status }) => post(message.callback ?? '', {
        MessageSid: message.sid,
        MessageStatus: status,
        To: message.to,
        From: message.from,
        AccountSid: ACCOUNT,
        ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
    });
    const take = (form) => {
        const message = {
            sid: `SM${String(messages.length + 1).padStart(32, '0')}`,
            to: form.get('To') ?? '',
            from: form.get('From') ?? '',
            body: form.get('Body') ?? '',
            callback: form.get('StatusCallback'),
            dateCreated: new Date(),
            status: 'queued',
            errorCode: null,
        };
        messages.push(message);
        return message;
    };
    const accept = async (request, reply) => {
        posts += 1;
        const form = new URLSearchParams(await bodyOf(request));
        const mood = moods.shift() ?? 'normal';
        if (mood === 'busy') {
            answer(reply, 429, { code: 20429, message: 'Too many requests', status: 429 }, { 'retry-after': '7' });
            return;
        }
        if (mood === 'landline') {
            answer(reply, 400, { code: 21614, message: 'not a mobile number', status: 400 });
            return;
        }
        if (mood === 'error') {
            answer(reply, 500, { code: 20500, message: 'Internal Server Error', status: 500 });
            return;
        }
        const message = take(form);
        if (mood === 'hangAfterAccept') {
            hanging.add(reply);
            return;
        }
        if (mood === 'errorAfterAccept') {
            message.status = 'sent';
            answer(reply, 500, { code: 20500, message: 'Internal Server Error', status: 500 });
            return;
        }
        if (mood === 'undelivered')
            message.errorCode = 30003;
        if (mood === 'early') {
            message.status = 'delivered';
            await tell({ message, status: 'delivered' });
        }
        else if (mood === 'undelivered')
            waiting.push({ message, status: 'sent' }, { message, status: 'undelivered' });
        else if (mood === 'reversed')
            waiting.push({ message, status: 'delivered' }, { message, status: 'sent' });
        else if (mood === 'never')
            message.status = 'delivered';
        else
            for (const status of mood === 'duplicate'
                ? ['sent', 'sent', 'delivered', 'delivered']
                : ['sent', 'delivered'])
                waiting.push({ message, status });
        answer(reply, 201, { ...wire(message), status: 'queued', error_code: null });
    };
    const server = createServer((request, reply) => {
        void handle(request, reply).catch((error) => {
            answer(reply, 500, { message: String(error) });
        });
    });
    const handle = async (request, reply) => {
        const url = new URL(request.url ?? '/', 'http://stub');
        const expected = `Basic ${Buffer.from(`${ACCOUNT}:${STUB_ACCOUNT.authToken}`).toString('base64')}`;
        if (request.headers.authorization !== expected) {
            answer(reply, 401, { code: 20003, message: 'Authenticate', status: 401 });
            return;
        }
        const base = `/2010-04-01/Accounts/${ACCOUNT}/Messages`;
        if (request.method === 'POST' && url.pathname === `${base}.json`)
            await accept(request, reply);
        else if (url.pathname === `${base}.json`) {
            const to = url.searchParams.get('To');
            const found = messages.filter((message) => message.to === to).reverse();
            answer(reply, 200, { messages: found.map(wire), page: 0, page_size: 50, next_page_uri: null });
        }
        else {
            const sid = /\/Messages\/(\w+)\.json$/.exec(url.pathname)?.[1];
            const message = messages.find((candidate) => candidate.sid === sid);
            if (message === undefined)
                answer(reply, 404, { code: 20404, message: 'not found', status: 404 });
            else
                answer(reply, 200, wire(message));
        }
    };
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${String(server.address().port)}`,
        messages,
        get posts() {
            return posts;
        },
        next: (...list) => void moods.push(...list),
        async report() {
            const statuses = [];
            for (const each of waiting.splice(0)) {
                each.message.status = each.status;
                statuses.push(await tell(each));
            }
            return statuses;
        },
        post,
        plant(to, body) {
            take(new URLSearchParams({ To: to, Body: body }));
        },
        close: () => new Promise((resolve) => {
            for (const reply of hanging)
                reply.destroy();
            server.closeAllConnections();
            server.close(() => {
                resolve();
            });
        }),
    };
}
function wire(message) {
    return {
        sid: message.sid,
        to: message.to,
        from: message.from,
        body: message.body,
        status: message.status,
        error_code: message.errorCode,
        date_created: message.dateCreated.toUTCString(),
        date_updated: message.dateCreated.toUTCString(),
        date_sent: null,
        num_segments: '1',
        direction: 'outbound-api',
        account_sid: ACCOUNT,
        uri: '',
    };
}
function answer(reply, status, body, headers = {}) {
    reply.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
async function bodyOf(request) {
    const chunks = [];
    for await (const chunk of request)
        chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
}
async function postHttp(url, body, headers) {
    return (await fetch(url, { method: 'POST', body, headers })).status;
}
//# sourceMappingURL=sms-stub.js.map