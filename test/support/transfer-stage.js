import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { firstGoodAnswer } from "../bench-support/first-answer.js";
import { startService } from "../bench-support/service-process.js";
import { isSpeaking, listen, VOICES } from "../bench-support/hearing.js";
import { openEar, openPhoneNetwork } from "../bench-support/phone-network.js";
import { startPbx } from "./pbx.js";
import { hireOperators, seatDeskOperator } from "./transfer-rig.js";
/** Numbers nobody has, with four digits more. */
const CALLER_PREFIX = '095000';
const AGENCY_PREFIX = '0225000';
/** What counts as "now": 15 packets of sound. */
const NOW_MS = 300;
const RATE = 8_000;
const WAV_HEADER_BYTES = 44;
/**
 * The whole hotline with the telephone network inside this process, so that each party's sound can be listened to as it comes,
 * and with a service that can be killed: a process of its own. Operators speak from real desk phones.
 */
export async function openTransferStage(operatorCount) {
    const folder = await mkdtemp(join(tmpdir(), 'tongdai-stage-'));
    const pbx = await startPbx({ verbosity: 3 });
    const network = await openPhoneNetwork(pbx);
    let service = await startService({ pbx, folder });
    const port = Number(new URL(service.url).port);
    const operators = [];
    const stop = async () => {
        await Promise.all(operators.map((operator) => operator.close()));
        await service.stop();
        network.close();
        await pbx.stop();
        await rm(folder, { recursive: true, force: true });
    };
    try {
        await service.ready;
        await firstGoodAnswer(`${service.url}/readyz`, 10_000);
        const site = { url: service.url, pbx, dataDir: join(folder, 'data') };
        const seats = await hireOperators(site, operatorCount);
        operators.push(...(await Promise.all(seats.map((seat) => seatDeskOperator(site, seat)))));
    }
    catch (cause) {
        await stop(); // nothing of a stage that did not open stays behind
        throw cause;
    }
    let numbers = 1_000;
    const nextNumber = (prefix) => `${prefix}${String((numbers += 1))}`;
    async function ari(path) {
        const { url, user, secret } = pbx.ari;
        const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
        return (await (await fetch(`${url}/ari${path}`, { headers: { authorization } })).json());
    }
    /** Whoever is on a call says no. */
    async function ready() {
        await Promise.all(operators.map((operator) => operator.ready().catch(() => undefined)));
    }
    async function agencyPhone() {
        const number = nextNumber(AGENCY_PREFIX);
        const ear = await openEar('agency');
        let call;
        let closed = false;
        let does = (_call, answer) => {
            answer();
        };
        network.at(number, (rung) => {
            call = rung;
            does(rung, () => {
                if (closed)
                    return;
                ear.speakTo(rung.soundPort);
                rung.answer(ear.port);
            });
        });
        return {
            ear,
            target: { number, unitId: null, label: `Trực ${number}`, ask: false },
            does(next) {
                does = next;
            },
            call: () => call,
            close() {
                closed = true;
                ear.close();
            },
        };
    }
    async function talk() {
        const from = nextNumber(CALLER_PREFIX);
        const [ear, agency] = await Promise.all([openEar('citizen'), agencyPhone()]);
        const { hangUp } = await network.call(from, ear);
        const { operator, call } = await Promise.any(operators.map(async (operator) => ({
            operator,
            call: (await operator.call(({ number: { raw }, state }) => raw === from && state === 'talking')).id,
        })));
        return { call, from, operator, citizen: { ...ear, hangUp }, agency };
    }
    async function dialOut({ operator }) {
        const from = nextNumber(CALLER_PREFIX);
        const [ear, agency] = await Promise.all([openEar('citizen'), agencyPhone()]);
        let theirs;
        network.at(from, (call) => {
            theirs = call;
            ear.speakTo(call.soundPort);
            call.answer(ear.port);
        });
        await operator.phone.dial(from);
        const call = await operator.call(({ number: { raw }, state }) => raw === from && state === 'talking');
        return { call: call.id, from, operator, citizen: { ...ear, hangUp: () => theirs?.hangUp() }, agency };
    }
    /** Reads the service's own database, whether or not there is a service. */
    function read(query, ...values) {
        const db = new Database(join(folder, 'data/tongdai.sqlite'), { readonly: true });
        try {
            return db.prepare(query).get(...values);
        }
        finally {
            db.close();
        }
    }
    async function hears({ citizen, agency, operator }, who) {
        if (who === 'operator')
            return soundOf(await lastOf(operator.phone.heardFile));
        const since = performance.now() - NOW_MS;
        return soundOf((who === 'citizen' ? citizen : agency.ear).heard.filter(({ atMs }) => atMs >= since));
    }
    return {
        pbx,
        operators,
        ready,
        talk,
        agencyPhone,
        talks: async () => {
            await ready();
            return Promise.all(operators.map(talk));
        },
        dialOut,
        callFrom: async (number) => network.call(number, await openEar('citizen')),
        hears,
        async crash(meanwhile) {
            await service.kill();
            await meanwhile();
            service = await startService({ pbx, folder, port });
            await service.ready;
            await firstGoodAnswer(`${service.url}/readyz`, 10_000);
            await Promise.all(operators.map((operator) => operator.reopen()));
        },
        stateOf: (transferId) => read('select state from transfers where id = ?', transferId)?.state,
        transferOf: (call) => read(`select id, state, operator_leg as operatorLeg from transfers
         where call_id = ? order by started_at desc limit 1`, call),
        ari,
        async end(scenes) {
            for (const { citizen, operator, agency } of scenes) {
                citizen.hangUp();
                agency.call()?.hangUp();
                await operator.phone.hangUp();
                citizen.close();
                agency.close();
            }
        },
        stop,
    };
}
/** Four in five packets of the last moment, so that one that is half the old sound and half the new does not count. */
function soundOf(heard) {
    const most = (fits) => heard.filter(fits).length >= Math.max(1, Math.ceil(heard.length * 0.8));
    const voices = Object.keys(VOICES).filter((speaker) => most((one) => isSpeaking(one, speaker)));
    if (voices.length > 0)
        return voices.sort().join('+');
    return heard.length > 0 && most(({ loudness }) => loudness >= 0.01) ? 'music' : 'silence';
}
/** The end of what a desk phone heard, packet by packet. */
async function lastOf(wav) {
    const file = await open(wav);
    try {
        const { size } = await file.stat();
        const wanted = (RATE * 2 * NOW_MS) / 1_000;
        const start = Math.max(WAV_HEADER_BYTES, size - wanted);
        const bytes = Buffer.alloc(Math.max(0, size - start));
        await file.read(bytes, 0, bytes.length, start);
        const packets = Math.floor(bytes.length / 320);
        return Array.from({ length: packets }, (_, packet) => listen(Int16Array.from({ length: 160 }, (_sample, at) => bytes.readInt16LE(packet * 320 + at * 2)), 0));
    }
    finally {
        await file.close();
    }
}
//# sourceMappingURL=transfer-stage.js.map