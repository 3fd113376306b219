/** A header's value, the first of that name; empty when there is none. */
export function header(text, name) {
    return new RegExp(`^${name}\\s*:\\s*(.*)$`, 'im').exec(text)?.[1]?.trim() ?? '';
}
/** The UDP port at which a message's sender takes sound; 0 in one that says nothing of it. */
export function soundPortOf(text) {
    return Number(/^m=audio (\d+) /m.exec(text)?.[1] ?? 0);
}
/** Sound in A-law on loopback. */
export function sdp(port) {
    return [
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        'c=IN IP4 127.0.0.1',
        't=0 0',
        `m=audio ${String(port)} RTP/AVP 8 101`,
        'a=rtpmap:8 PCMA/8000',
        'a=rtpmap:101 telephone-event/8000',
        '',
    ].join('\r\n');
}
/** A reply as it travels (RFC 3261 §8.2.6). */
export function replyTo(request, { status, tag, headers = [], body = '' }) {
    const copied = request
        .split('\r\n')
        .filter((line) => /^(?:Via|From|To|Call-ID|CSeq):/i.test(line))
        .map((line) => tag !== undefined && /^To:/i.test(line) && !line.includes(';tag=') ? `${line};tag=${tag}` : line);
    const kind = body === '' ? [] : ['Content-Type: application/sdp'];
    return [
        `SIP/2.0 ${status}`,
        ...copied,
        ...headers,
        ...kind,
        `Content-Length: ${String(body.length)}`,
        '',
        body,
    ].join('\r\n');
}
//# sourceMappingURL=sip-message.js.map