import { setTimeout as pause } from 'node:timers/promises';
import { isOver } from "../../src/transfers/transfer-machine.js";
import { untilFine } from "../bench-support/polling.js";
import { SOUNDS } from "../support/transfer-sounds.js";
import { chanceOf } from "./random.js";
/** What happens next, by weight. */
const DEEDS = {
    click: 50,
    doubleClick: 10,
    citizenHangsUp: 6,
    operatorHangsUp: 7,
    agencyHangsUp: 14,
    wait: 16,
};
/** What a number of the chain does when it is rung. */
const HABITS = { answer: 50, slow: 15, busy: 12, reject: 8, never: 15 };
const MOST_NUMBERS = 3;
const MOST_DEEDS = 8;
/** Some wait until an unanswered number is given up by itself, 25 s. */
const PATIENT_SHARE = 0.04;
const PATIENT_MS = 27_000;
const BLIND_SHARE = 0.2;
/** Between the service's deaths. */
const LIVES_MS = [1_500, 6_000];
const DEAD_MS = [0, 1_500];
/** Whoever would be left alone is brought together, returned or released this soon after the service is back. */
const SETTLES_WITHIN_MS = 5_000;
/** A service that dies in the meantime takes this long more. */
const RESTART_MS = 4_000;
/** Down, up again and sorted out: a citizen may hear nothing this long, and not longer. */
const MOST_SILENCE_MS = 5_000;
const AUDIBLE = 0.01;
const ENDS_WITHIN_MS = 15_000;
/** As many transfers at once as the stage has operators, with whatever people do in the middle of them, and the service dying. */
export async function walkTransfers(stage, options) {
    const startMs = performance.now();
    const problems = [];
    const restedIn = {};
    const done = { ...zero(DEEDS), kill: 0 };
    const silences = [];
    let begun = 0;
    let walking = true;
    async function scenes(slot) {
        const chance = chanceOf(options.seed * 1_000 + slot);
        while (begun < options.transfers && options.stopped?.aborted !== true) {
            begun += 1;
            const number = begun;
            const log = [];
            try {
                const { state, silenceMs } = await playScene(stage, chance, (deed, word) => {
                    if (deed !== undefined)
                        done[deed] += 1;
                    log.push(word);
                });
                restedIn[state] = (restedIn[state] ?? 0) + 1;
                silences.push(silenceMs);
                if (silenceMs > MOST_SILENCE_MS)
                    throw new Error(`the citizen heard nothing for ${String(silenceMs)} ms`);
            }
            catch (cause) {
                problems.push(`${String(number)} (slot ${String(slot)}): ${String(cause)}; ${log.join(', ')}`);
                options.progress(problems.at(-1) ?? '');
            }
            if (number % 20 === 0)
                options.progress(`${String(number)} of ${String(options.transfers)} transfers`);
        }
    }
    async function deaths() {
        const chance = chanceOf(options.seed);
        for (;;) {
            await pause(chance.between(...LIVES_MS));
            if (!walking)
                return;
            done.kill += 1;
            await stage.crash(() => pause(chance.between(...DEAD_MS)));
        }
    }
    const dying = deaths();
    await Promise.all(stage.operators.map((_operator, slot) => scenes(slot)));
    walking = false;
    await dying;
    await untilFine(ENDS_WITHIN_MS, async () => {
        const left = [...(await stage.ari('/channels')), ...(await stage.ari('/bridges'))];
        return left.length === 0 ? undefined : `still there: ${left.map(({ id, name }) => name ?? id).join(', ')}`;
    }).catch((cause) => problems.push(String(cause)));
    silences.sort((one, other) => one - other);
    const at = (share) => silences[Math.ceil(silences.length * share) - 1] ?? 0;
    return {
        transfers: begun,
        seed: options.seed,
        restedIn,
        done,
        silenceMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
        seconds: Math.round((performance.now() - startMs) / 1_000),
        problems,
    };
}
async function playScene(stage, chance, note) {
    await stage.ready();
    const scene = await stage.talk();
    const { operator, call, citizen } = scene;
    const sinceMs = performance.now();
    const phones = await chainOf(stage, chance);
    const there = new Set(['citizen', 'operator', 'agency']);
    try {
        const mode = chance.next() < BLIND_SHARE ? 'blind' : 'consult';
        note(undefined, `${mode} to ${phones.map(({ habit }) => habit).join('+')}`);
        const targets = phones.map(({ phone }) => phone.target);
        await start({ callId: call, mode, targets });
        await doDeeds();
        const state = await settles();
        return { state, silenceMs: longestSilence(scene, sinceMs) };
    }
    finally {
        citizen.hangUp();
        for (const { phone } of phones)
            phone.call()?.hangUp();
        await operatorHangsUp();
        await over();
        for (const { phone } of phones)
            phone.close();
        citizen.close();
        scene.agency.close();
    }
    /** Clicked again while the service is away; it may have begun with the first click all the same. */
    async function start(asked) {
        await untilFine(ENDS_WITHIN_MS, async () => {
            const { status, body } = await untilAnswered(() => operator.post('/api/transfers', asked));
            if (status === 200 || stage.transferOf(call) !== undefined)
                return undefined;
            return `the start answers ${String(status)} ${JSON.stringify(body)}`;
        });
    }
    async function doDeeds() {
        const patient = chance.next() < PATIENT_SHARE;
        if (patient)
            await pause(PATIENT_MS);
        for (let count = chance.between(1, MOST_DEEDS); count > 0 && there.has('citizen'); count -= 1) {
            await pause(chance.between(20, 900));
            const transfer = stage.transferOf(call);
            if (transfer !== undefined && isOver(transfer.state))
                return;
            await act(chance.weighed(DEEDS));
        }
    }
    async function act(deed) {
        note(deed, deed);
        switch (deed) {
            case 'click':
            case 'doubleClick': {
                const shown = operator.latest();
                if (shown?.callId !== call || shown.actions.length === 0)
                    return;
                const command = chance.oneOf(shown.actions);
                note(undefined, command);
                const { state, current } = shown;
                const click = () => untilAnswered(() => operator.post(`/api/transfers/${shown.id}/commands`, { command, state, current }));
                const answers = await Promise.all(deed === 'click' ? [click()] : [click(), click()]);
                const taken = answers.filter(({ status }) => status === 200).length;
                if (taken > 1)
                    throw new Error(`one click was taken twice: ${command} in ${state}`);
                for (const { status } of answers)
                    if (![200, 409, 503, AWAY].includes(status))
                        throw new Error(`${command}: ${String(status)}`);
                return;
            }
            case 'citizenHangsUp':
                there.delete('citizen');
                citizen.hangUp();
                return;
            case 'operatorHangsUp':
                there.delete('operator');
                await operatorHangsUp();
                return;
            case 'agencyHangsUp':
                for (const { phone } of phones)
                    phone.call()?.hangUp();
                return;
            case 'wait':
        }
    }
    /** Whoever has left is on another call by now, and hangs up on nobody there. */
    async function operatorHangsUp() {
        const leg = stage.transferOf(call)?.operatorLeg;
        if (leg !== undefined && (await stage.ari('/channels')).some(({ id }) => id === leg))
            await operator.phone.hangUp();
    }
    /** Left alone, it comes to rest in a state, and everybody who is there hears what that state says. */
    async function settles() {
        let last = 'starting';
        await untilFine(SETTLES_WITHIN_MS + RESTART_MS, async () => {
            const transfer = stage.transferOf(call);
            if (transfer === undefined)
                return 'no transfer is written down';
            const { state } = transfer;
            last = state;
            if (!(state in SOUNDS))
                return isOver(state) ? undefined : `it stays in ${state}`;
            if (await callIsOver())
                return isOver(state) || state === 'afterCitizen' ? undefined : `${state} without a call`;
            return problemOf(SOUNDS[state]);
        });
        return last;
    }
    async function problemOf(sounds) {
        for (const who of ['citizen', 'operator']) {
            const wanted = [sounds[who] ?? []].flat();
            if (wanted.length === 0 || !there.has(who))
                continue;
            const sound = await stage.hears(scene, who);
            if (!wanted.includes(sound))
                return `the ${who} hears ${sound}, not ${wanted.join(' or ')}`;
        }
        return undefined;
    }
    async function callIsOver() {
        return !(await stage.ari('/channels')).some(({ id }) => id === call);
    }
    /** With everybody gone nothing of it is left, and the transfer has an end. */
    async function over() {
        await untilFine(ENDS_WITHIN_MS, async () => {
            if (!(await callIsOver()))
                return 'the call goes on with nobody there';
            const transfer = stage.transferOf(call);
            return transfer === undefined || isOver(transfer.state) ? undefined : `it ends in ${transfer.state}`;
        });
    }
}
/** Status of a click that nobody answered. */
const AWAY = 0;
/** The service may be dead, or die while it answers. */
async function untilAnswered(click) {
    try {
        return await click();
    }
    catch (cause) {
        if (cause instanceof TypeError)
            return { status: AWAY, body: undefined };
        throw cause;
    }
}
async function chainOf(stage, chance) {
    const count = chance.between(1, MOST_NUMBERS);
    const phones = [];
    for (let index = 0; index < count; index += 1) {
        const habit = chance.weighed(HABITS);
        const delayMs = chance.between(200, 1_500);
        const phone = await stage.agencyPhone();
        phone.does((call, answer) => {
            does(habit, delayMs, call, answer);
        });
        phones.push({ habit, phone });
    }
    return phones;
}
function does(habit, delayMs, call, answer) {
    switch (habit) {
        case 'answer':
            answer();
            return;
        case 'slow':
            setTimeout(answer, delayMs);
            return;
        case 'busy':
            call.reject('486 Busy Here');
            return;
        case 'reject':
            setTimeout(() => {
                call.reject('603 Decline');
            }, delayMs);
            return;
        case 'never':
    }
}
/** Of the citizen, from the talk on until they or the call ended. */
function longestSilence({ citizen }, sinceMs) {
    let lastAudibleMs = sinceMs;
    let longest = 0;
    for (const { atMs, loudness } of citizen.heard) {
        if (atMs < sinceMs || loudness < AUDIBLE)
            continue;
        longest = Math.max(longest, atMs - lastAudibleMs);
        lastAudibleMs = atMs;
    }
    return Math.round(longest);
}
function zero(names) {
    return Object.fromEntries(Object.keys(names).map((name) => [name, 0]));
}
//# sourceMappingURL=transfer-walk.js.map