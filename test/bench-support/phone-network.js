import { EventEmitter, once } from 'node:events';
import {} from "../support/pbx.js";
import { openRtpVoice } from "../support/rtp-voice.js";
import {} from "../support/sip-callee.js";
import { openSipCaller } from "../support/sip-caller.js";
import { VOICES, listen } from "./hearing.js";
/** Takes the place of the simulated network of a PBX that was started without one. */
export async function openPhoneNetwork(pbx) {
    const phones = new Map();
    const calls = new EventEmitter();
    const caller = await openSipCaller({
        port: pbx.trunkPort,
        pbxPort: pbx.ports.sip,
        onCall: (call) => {
            const take = phones.get(call.number);
            if (take === undefined)
                calls.emit('call', call);
            else
                take(call);
        },
    });
    return {
        at: (number, take) => void phones.set(number, take),
        async call(from, ear) {
            const { status, soundPort, hangUp } = await caller.invite({
                to: '02251022',
                from: `<sip:${from}@127.0.0.1>`,
                soundPort: ear.port,
            });
            if (status !== 200)
                throw new Error(`the hotline answered ${String(status)}`);
            ear.speakTo(soundPort);
            return { hangUp };
        },
        async rung(withinMs) {
            const signal = AbortSignal.timeout(withinMs);
            const [call] = (await once(calls, 'call', { signal }));
            return call;
        },
        close: caller.close,
    };
}
/** Opens the sound of one leg. */
export async function openEar(speaker) {
    const heard = [];
    const looks = new Set();
    const voice = await openRtpVoice({
        hz: VOICES[speaker],
        onSound(pcm) {
            heard.push(listen(pcm, performance.now()));
            for (const look of looks)
                look();
        },
    });
    return {
        port: voice.port,
        heard,
        speakTo: voice.speakTo,
        close: voice.close,
        until: (what, withinMs, look) => new Promise((resolve, reject) => {
            const stop = () => {
                clearTimeout(timer);
                looks.delete(again);
            };
            const again = () => {
                const found = look(heard);
                if (found === undefined)
                    return;
                stop();
                resolve(found);
            };
            const timer = setTimeout(() => {
                stop();
                reject(new Error(`the ${speaker} waited in vain: ${what}`));
            }, withinMs);
            looks.add(again);
        }),
    };
}
//# sourceMappingURL=phone-network.js.map