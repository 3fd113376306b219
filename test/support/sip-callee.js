import { randomBytes } from 'node:crypto';
import { header, replyTo, sdp, soundPortOf } from "./sip-message.js";
/** The called side of a bare SIP endpoint: rings at once, picks up when told, never hangs up by itself. */
export function createSipCallee(options) {
    const { port, send, onCall } = options;
    const dialogs = new Map();
    const contact = `Contact: <sip:callee@127.0.0.1:${String(port)}>`;
    function ring(invite) {
        const atMs = performance.now();
        const callId = header(invite, 'Call-ID');
        const tag = randomBytes(4).toString('hex');
        const ended = Promise.withResolvers();
        const end = () => {
            dialogs.delete(callId);
            ended.resolve(undefined);
        };
        const lastReply = replyTo(invite, { status: '180 Ringing', tag, headers: [contact] });
        const dialog = { invite, tag, end, lastReply, soundPort: undefined };
        dialogs.set(callId, dialog);
        send(lastReply);
        onCall({
            number: /^INVITE sips?:([^@;>\s]*)@/.exec(invite)?.[1] ?? '',
            atMs,
            soundPort: soundPortOf(invite),
            ended: ended.promise,
            answer(soundPort) {
                if (!dialogs.has(callId))
                    return;
                dialog.soundPort = soundPort;
                dialog.lastReply = replyTo(invite, {
                    status: '200 OK',
                    tag,
                    headers: [contact],
                    body: sdp(soundPort),
                });
                send(dialog.lastReply);
            },
            reject(status) {
                if (!dialogs.has(callId) || dialog.soundPort !== undefined)
                    return;
                send(replyTo(invite, { status, tag }));
                end();
            },
            hangUp(cause) {
                if (!dialogs.has(callId) || dialog.soundPort === undefined)
                    return;
                send(bye(invite, tag, port, cause));
                end();
            },
        });
    }
    return {
        take(request) {
            const dialog = dialogs.get(header(request, 'Call-ID'));
            if (dialog === undefined) {
                if (!request.startsWith('INVITE ') || header(request, 'To').includes(';tag='))
                    return false;
                ring(request);
                return true;
            }
            const { invite, tag, end, lastReply, soundPort } = dialog;
            if (request.startsWith('INVITE ') && header(request, 'CSeq') === header(invite, 'CSeq')) {
                send(lastReply); // said again by a side that has not heard it
                return true;
            }
            const body = soundPort !== undefined && soundPortOf(request) > 0 ? sdp(soundPort) : '';
            send(replyTo(request, { status: '200 OK', headers: [contact], body }));
            if (request.startsWith('CANCEL '))
                send(replyTo(invite, { status: '487 Request Terminated', tag }));
            if (/^(?:BYE|CANCEL) /.test(request))
                end();
            return true;
        },
    };
}
/** The called side's own BYE: the INVITE's two ends the other way round (RFC 3261 §12.2.1.1). */
function bye(invite, tag, port, cause) {
    const target = /<([^>]*)>/.exec(header(invite, 'Contact'))?.[1] ?? '';
    return [
        `BYE ${target} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${String(port)};branch=z9hG4bK${tag}bye`,
        `From: ${header(invite, 'To')};tag=${tag}`,
        `To: ${header(invite, 'From')}`,
        `Call-ID: ${header(invite, 'Call-ID')}`,
        'CSeq: 1 BYE',
        // RFC 3326
        ...(cause === undefined ? [] : [`Reason: Q.850;cause=${String(cause)}`]),
        'Max-Forwards: 70',
        'Content-Length: 0',
        '',
        '',
    ].join('\r\n');
}
//# sourceMappingURL=sip-callee.js.map