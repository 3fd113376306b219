import { once } from 'node:events';
import WebSocket from 'ws';
import {} from "../support/pbx.js";
import { authorizationFor } from "./ari-calls.js";
import {} from "./transfer-run.js";
const APP = 'bench-floor';
const CITIZEN = 'bench-floor-citizen';
const OPERATOR = 'bench-floor-operator';
/** Its own id each time: Asterisk mixes up bridges whose id is used twice. */
const bridgeOf = ({ citizen }) => `bench-floor-${citizen.id}`;
/**
 * The floor of `npm run bench -- transfer`: the same steps as bare calls, each made as soon as what it needs is there. No state,
 * no journal, no way back: whoever hangs up in the middle leaves the others where they are.
 */
export async function openTransferFloor(pbx, ari) {
    for (const [context, role] of [
        [CITIZEN, 'citizen'],
        [OPERATOR, 'operator'],
    ]) {
        await pbx.look().send('DialplanExtensionAdd', {
            Context: context,
            Extension: 's',
            Priority: '1',
            Application: 'Stasis',
            ApplicationData: `${APP},${role}`,
        });
    }
    const socket = new WebSocket(`${pbx.ari.url.replace('http', 'ws')}/ari/events?app=${APP}`, {
        headers: { authorization: authorizationFor(pbx.ari) },
    });
    await once(socket, 'open');
    /** Who is awaited, and what happens when they come. */
    const awaited = new Map();
    socket.on('message', (data) => {
        const event = JSON.parse(data.toString());
        if (event.type === 'StasisStart')
            awaited.get(event.args?.[0] ?? '')?.(event.channel?.id ?? '');
    });
    socket.on('error', () => undefined); // whoever waits for an event runs into a deadline
    const comes = (role) => new Promise((resolve) => {
        awaited.set(role, resolve);
    });
    let agencyIn = Promise.resolve();
    let agency = '';
    return {
        name: 'floor',
        async start(talk, number) {
            const { citizen, operator } = talk;
            const citizenIn = comes('citizen');
            const operatorIn = comes('operator');
            agencyIn = comes('agency').then(async (id) => {
                agency = id;
                await ari('POST', `/bridges/${bridgeOf(talk)}`, { type: 'mixing' });
                await ari('POST', `/bridges/${bridgeOf(talk)}/addChannel`, { channel: `${operator.id},${id}` });
            });
            agencyIn.catch(() => undefined); // `consulting` tells it
            await Promise.all([
                citizenIn.then(() => ari('POST', `/channels/${citizen.id}/moh`, { mohClass: 'hotline-transfer' })),
                Promise.all([citizenIn, operatorIn]).then(() => ari('POST', '/channels', {
                    endpoint: `PJSIP/${number}@trunk`,
                    app: APP,
                    appArgs: 'agency',
                })),
                pbx.look().send('Redirect', {
                    Channel: citizen.name,
                    Context: CITIZEN,
                    Exten: 's',
                    Priority: '1',
                    ExtraChannel: operator.name,
                    ExtraContext: OPERATOR,
                    ExtraExten: 's',
                    ExtraPriority: '1',
                }),
            ]);
        },
        consulting: () => agencyIn,
        async complete(talk) {
            // Music left running would be heard over the agency.
            await ari('DELETE', `/channels/${talk.citizen.id}/moh`);
            await ari('POST', `/bridges/${bridgeOf(talk)}/addChannel`, { channel: talk.citizen.id });
            await ari('POST', `/bridges/${bridgeOf(talk)}/removeChannel`, { channel: talk.operator.id });
            await ari('DELETE', `/channels/${talk.operator.id}`);
        },
        async finish(talk) {
            await ari('DELETE', `/channels/${agency}`);
            await ari('DELETE', `/bridges/${bridgeOf(talk)}`);
        },
        async close() {
            const closed = once(socket, 'close');
            socket.close();
            await closed;
        },
    };
}
//# sourceMappingURL=transfer-floor.js.map