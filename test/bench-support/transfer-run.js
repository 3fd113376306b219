import {} from "../support/transfer-rig.js";
import { channelsOf, nothingLeft } from "./ari-calls.js";
import { firstHeard, isMusic, isSpeaking } from "./hearing.js";
import { openEar } from "./phone-network.js";
import { untilFine } from "./polling.js";
/** Steps that people wait for. */
const STEP_WITHIN_MS = 5_000;
/** Greeting, notice and the way through the queue; the agency's notice. */
const SPEECH_WITHIN_MS = 15_000;
const ENDS_WITHIN_MS = 10_000;
/** Half a second of talk before somebody clicks. */
const TALK_PACKETS = 25;
const PACKET_MS = 20;
const AGENCY = '02250009001';
/** A call, talked for a moment, transferred warmly, talked for a moment, hung up. Throws when a step fails or does not come. */
export async function runTransfer({ network, operator, ari }, way, from) {
    const citizenEar = await openEar('citizen');
    const agencyEar = await openEar('agency');
    try {
        const citizen = await network.call(from, citizenEar);
        await hearsOperator(citizenEar, 0, SPEECH_WITHIN_MS);
        const talk = await findTalk(ari, operator.member);
        await operator.call(({ id, state }) => id === talk.citizen.id && state === 'talking');
        await anyMoment();
        const clickAt = performance.now();
        const [musicAt, rung] = await Promise.all([
            citizenEar.until('music', STEP_WITHIN_MS, (heard) => firstHeard(heard, clickAt, isMusic)),
            network.rung(STEP_WITHIN_MS),
            way.start(talk, AGENCY),
        ]);
        rung.answer(agencyEar.port);
        agencyEar.speakTo(rung.soundPort);
        await way.consulting(talk);
        await hearsOperator(agencyEar, performance.now(), SPEECH_WITHIN_MS);
        await anyMoment();
        const completeAt = performance.now();
        const hears = (ear, speaker) => ear.until(`the voice of the ${speaker}`, STEP_WITHIN_MS, (heard) => firstHeard(heard, completeAt, (packet) => isSpeaking(packet, speaker)));
        const [citizenHearsAt, agencyHearsAt] = await Promise.all([
            hears(citizenEar, 'agency'),
            hears(agencyEar, 'citizen'),
            way.complete(talk),
        ]);
        citizen.hangUp();
        await way.finish(talk);
        return {
            musicMs: musicAt - clickAt,
            ringMs: rung.atMs - clickAt,
            talkMs: Math.max(citizenHearsAt, agencyHearsAt) - completeAt,
        };
    }
    finally {
        citizenEar.close();
        agencyEar.close();
    }
}
/** After a transfer, and after one that was lost too: no leg is left, and the operator takes the next call. */
export async function settle({ operator, ari }, isLost) {
    if (isLost)
        for (const { id } of await channelsOf(ari))
            await ari('DELETE', `/channels/${id}`).catch(() => undefined);
    await nothingLeft(ari, ENDS_WITHIN_MS);
    await untilFine(ENDS_WITHIN_MS, async () => {
        const { state } = await operator.get('/api/presence');
        return state === 'onCall' ? 'the operator is still on a call that is over' : undefined;
    });
    await operator.ready();
}
/** The service at work, behind its HTTP. */
export function serviceWay(operator) {
    const reached = (talk, wanted) => operator.transfer(({ callId, state }) => callId === talk.citizen.id && state === wanted, wanted);
    return {
        name: 'ours',
        async start(_talk, number) {
            await operator.start([{ number, unitId: null, label: 'Trực ban', ask: false }]);
        },
        async consulting(talk) {
            await reached(talk, 'consult');
        },
        async complete(talk) {
            await operator.command(await reached(talk, 'consult'), 'complete');
        },
        async finish(talk) {
            await reached(talk, 'completed');
        },
    };
}
async function hearsOperator(ear, fromMs, withinMs) {
    const isOperator = (heard) => isSpeaking(heard, 'operator');
    await ear.until('the voice of the operator', withinMs, (heard) => {
        const last = heard.slice(-TALK_PACKETS);
        return last.length === TALK_PACKETS && (last[0]?.atMs ?? 0) >= fromMs && last.every(isOperator)
            ? true
            : undefined;
    });
}
/** People click at any distance from the last packet of sound. Without this they would all click right after one. */
async function anyMoment() {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PACKET_MS));
}
async function findTalk(ari, member) {
    const channels = await channelsOf(ari);
    const citizen = channels.find(({ name }) => name.startsWith('PJSIP/trunk-'));
    const operator = channels.find(({ name }) => name.startsWith(`PJSIP/${member}-`));
    if (citizen === undefined || operator === undefined)
        throw new Error(`not the legs of a talk: ${channels.map(({ name }) => name).join(', ')}`);
    return { citizen, operator };
}
//# sourceMappingURL=transfer-run.js.map