import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import {} from "../bench-support/bench-result.js";
import { round } from "../bench-support/statistics.js";
import { atWorkbench } from "../bench-support/workbench.js";
const HOME = resolve(import.meta.dirname, '../..');
const CONFIG = join(HOME, 'config/tooling/vite.config.ts');
const GOAL_KB = 200;
/** The size of all JavaScript of the console, each file gzipped by itself as it travels, beside a Preact page that says hello. */
export async function run(context) {
    return atWorkbench(context, async ({ folder }) => {
        const ours = join(folder, 'console');
        const bare = join(folder, 'hello');
        context.progress('building the console');
        await build({ configFile: CONFIG, logLevel: 'error', build: { outDir: ours } });
        context.progress('building the floor');
        await buildHello(join(folder, 'hello-source'), bare);
        const scripts = await sizes(ours, /\.js$/);
        const styles = await sizes(ours, /\.css$/);
        const floor = sum(await sizes(bare, /\.js$/));
        const total = sum(scripts);
        return {
            n: scripts.size,
            gzipKb: total,
            plainKb: round((await plainBytes(ours)) / 1_000, 1),
            goalKb: GOAL_KB,
            chunksKb: Object.fromEntries(scripts),
            stylesGzipKb: sum(styles),
            floor: { gzipKb: floor },
            ratio: round(total / floor),
            goalMet: total <= GOAL_KB,
        };
    });
}
async function buildHello(source, outDir) {
    await mkdir(source);
    await writeFile(join(source, 'index.html'), '<!doctype html><div id="root"></div><script type="module" src="./main.js"></script>');
    await writeFile(join(source, 'main.js'), "import { h, render } from 'preact'\nrender(h('p', null, 'Xin chào'), document.getElementById('root'))\n");
    await build({
        configFile: CONFIG,
        root: source,
        logLevel: 'error',
        resolve: { alias: { preact: join(HOME, 'node_modules/preact') } },
        build: { outDir },
    });
}
/** File name to kilobytes (1,000 bytes) after gzip at its usual level, biggest first. */
async function sizes(folder, names) {
    const found = [];
    for (const path of await filesIn(folder, names)) {
        found.push([path.slice(folder.length + 1), round(gzipSync(await readFile(path)).length / 1_000, 1)]);
    }
    return new Map(found.sort(([, a], [, b]) => b - a));
}
async function plainBytes(folder) {
    let bytes = 0;
    for (const path of await filesIn(folder, /\.js$/))
        bytes += (await readFile(path)).length;
    return bytes;
}
async function filesIn(folder, names) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile() && names.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
}
function sum(sizes) {
    return round([...sizes.values()].reduce((total, size) => total + size, 0), 1);
}
//# sourceMappingURL=console.js.map