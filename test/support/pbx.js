import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectAmi } from "../../src/cli/ami-lines.js";
import {} from "../../src/cli/asterisk-process.js";
import { startCarrier } from "../../src/cli/carrier.js";
import { cacheFolder, currentEnvironment } from "../../src/cli/environment.js";
import { pickPorts } from "../../src/cli/free-ports.js";
import { pbxAccess, startPbxProcess } from "../../src/cli/pbx.js";
import {} from "../../src/cli/pbx-folder.js";
import { provisionAsterisk } from "../../src/cli/provision-asterisk.js";
import { prepareVoices } from "../../src/cli/voice-set.js";
import { AppError } from "../../src/platform/errors.js";
const HOME = resolve(import.meta.dirname, '../..');
const HOTLINE_NUMBER = '02251022';
/** What is said in half a second where the city says it in ten: tests wait for the sentence, not for its length. */
const SHORT_PROMPTS = {
    greeting: 'A',
    notice: 'ghi âm',
    'notice-out': 'ghi âm',
    'operator-lost': 'nối lại',
    'agency-accept': 'bấm một',
    'agency-notice': 'ghi âm',
    'agency-unreached': 'chưa nghe',
    'put-through': 'xin giữ máy',
    goodbye: 'chào',
    'queue-next': 'tiếp theo',
    'queue-there-are': 'số',
    'queue-waiting': 'chờ',
    'queue-holdtime': 'khoảng',
    'queue-offer': 'một, hai',
    'long-wait': 'chờ lâu',
    'callback-confirm': 'gọi số',
    'callback-choice': 'đồng ý',
    'callback-enter': 'bấm số',
    'callback-thanks': 'cảm ơn',
    'voicemail-intro': 'xin nói',
    'voicemail-thanks': 'đã ghi',
};
/** First of the RTP ports of test PBXs. Ranges may overlap: Asterisk passes over a port that is taken. */
const RTP_FROM = 20_200;
const RTP_TO = 20_998;
/** Starts a real Asterisk in a folder and on ports of its own; several at once are fine. */
export async function startPbx(options = {}) {
    const install = await testInstall();
    const voices = await testVoices(install, options.fullGreeting === true);
    const root = await mkdtemp(join(tmpdir(), 'tongdai-pbx-'));
    const kinds = ['tcp', 'tcp', 'udp', 'tcp', 'udp'];
    const [ami = 0, http = 0, sip = 0, carrierAmi = 0, carrierSip = 0] = await pickPorts(kinds.map((kind) => ({ kind })));
    const ports = { ami, http, sip, rtpFrom: RTP_FROM, rtpTo: RTP_TO };
    const secrets = {
        ami: 'test-ami-secret',
        ari: 'test-ari-secret',
        carrierAmi: 'test-carrier-secret',
    };
    const pbxOptions = {
        home: HOME,
        root: join(root, 'pbx'),
        install,
        voices,
        ports,
        secrets,
        trunk: { type: 'carrier', sipPort: carrierSip },
        systemName: `t${String(ami)}`,
        hotlineNumber: HOTLINE_NUMBER,
        maxWaitSeconds: options.maxWaitSeconds ?? 60,
        offerEverySeconds: options.offerEverySeconds ?? 30,
        verbosity: options.verbosity ?? 0,
    };
    const access = pbxAccess(pbxOptions);
    let asterisk = await startPbxProcess(pbxOptions);
    let ami1 = await connectAmi(access.ami);
    const carrier = options.withCarrier === true
        ? await startCarrier({
            home: HOME,
            root: join(root, 'carrier'),
            install,
            voices,
            secret: secrets.carrierAmi,
            ports: { ami: carrierAmi, sip: carrierSip, rtpFrom: RTP_FROM, rtpTo: RTP_TO },
            pbxSipPort: sip,
            hotlineNumber: HOTLINE_NUMBER,
            verbosity: options.verbosity ?? 0,
        })
        : undefined;
    return {
        ...access,
        ports,
        root: pbxOptions.root,
        install,
        voices,
        trunkPort: carrierSip,
        journal: () => readJournal(ami1),
        get carrier() {
            if (carrier === undefined)
                throw new Error('this PBX was started without { withCarrier: true }');
            return carrier;
        },
        look: () => ami1,
        pid: () => asterisk.pid,
        restart: async () => {
            ami1.close();
            await asterisk.stop();
            asterisk = await startPbxProcess(pbxOptions);
            ami1 = await connectAmi(access.ami);
        },
        kill: () => asterisk.kill(),
        stop: async () => {
            ami1.close();
            await Promise.all([asterisk.stop(), carrier?.stop()]);
            await rm(root, { recursive: true, force: true, maxRetries: 3 });
        },
    };
}
async function readJournal(ami) {
    const rows = new Map();
    const stop = ami.onEvent((event) => {
        if (event['Event'] === 'DBGetTreeResponse')
            rows.set((event['Key'] ?? '').replace('/calls/', ''), event['Val'] ?? '');
    });
    const complete = ami.waitFor((event) => event['Event'] === 'DBGetTreeComplete', 5_000);
    complete.catch(() => undefined); // an empty family answers an error, and nothing follows
    try {
        await ami.send('DBGetTree', { Family: 'calls' });
        await complete;
    }
    catch (error) {
        if (!(error instanceof AppError) || error.code !== 'AMI_ERROR')
            throw error;
    }
    finally {
        stop();
    }
    return rows;
}
async function testInstall() {
    return provisionAsterisk({ environment: currentEnvironment(), progress: () => undefined });
}
/** The sounds of test PBXs. */
export async function testVoices(install, fullGreeting) {
    const cache = cacheFolder(currentEnvironment());
    const voicesDir = join(HOME, 'config/haiphong/voices');
    const promptsDir = join(HOME, 'config/haiphong/prompts');
    if (fullGreeting)
        return prepareVoices({ promptsDir, voicesDir, cache, install, progress: () => undefined });
    const work = await mkdtemp(join(tmpdir(), 'tongdai-prompts-'));
    try {
        await cp(promptsDir, work, { recursive: true });
        for (const [name, text] of Object.entries(SHORT_PROMPTS))
            await writeFile(join(work, `${name}.txt`), text);
        return await prepareVoices({ promptsDir: work, voicesDir, cache, install, progress: () => undefined });
    }
    finally {
        await rm(work, { recursive: true, force: true });
    }
}
//# sourceMappingURL=pbx.js.map