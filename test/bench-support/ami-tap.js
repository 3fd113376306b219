import { once } from 'node:events';
import { connect, createServer } from 'node:net';
/** Opens a port that passes every byte on, untouched and at once, and notes when each `AgentCalled` went by. */
export async function openAmiTap(pbxPort) {
    const calls = [];
    const listeners = [];
    const sockets = new Set();
    const server = createServer({ noDelay: true }, (client) => {
        const pbx = connect({ host: '127.0.0.1', port: pbxPort, noDelay: true });
        for (const [socket, other] of [
            [client, pbx],
            [pbx, client],
        ]) {
            sockets.add(socket);
            socket.on('error', () => undefined); // `close` follows
            socket.on('close', () => {
                sockets.delete(socket);
                other.destroy();
            });
        }
        client.on('data', (bytes) => pbx.write(bytes));
        const scan = createScanner((call) => {
            calls.push(call);
            for (const listener of listeners)
                listener(call);
        });
        pbx.on('data', (bytes) => {
            const atMs = performance.now();
            client.write(bytes);
            scan(bytes, atMs);
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return {
        port: typeof address === 'object' && address !== null ? address.port : 0,
        calls,
        onCall: (listener) => void listeners.push(listener),
        close: async () => {
            for (const socket of sockets)
                socket.destroy();
            server.close();
            await once(server, 'close');
        },
    };
}
/** Finds the events in a stream cut anywhere. */
export function createScanner(found) {
    let rest = '';
    return (bytes, atMs) => {
        const blocks = (rest + bytes.toString('latin1')).split('\r\n\r\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
            if (!/^Event: AgentCalled\r$/m.test(block))
                continue;
            const header = (name) => new RegExp(`^${name}: (.*?)\r?$`, 'm').exec(block)?.[1] ?? '';
            found({ callId: header('Uniqueid'), from: header('CallerIDNum'), member: header('MemberName'), atMs });
        }
    };
}
//# sourceMappingURL=ami-tap.js.map