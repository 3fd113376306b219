const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const OFFSET_MS = 7 * 3_600_000;
export function slowAdd(calendar, startMs, minutes) {
    if (isOutside(calendar, startMs))
        return 'ended';
    if (minutes === 0)
        return startMs;
    let leftMs = Math.round(minutes * MINUTE_MS);
    for (let day = slowDayOf(startMs);; day += 1) {
        const segments = slowSegments(calendar, day);
        if (segments === 'ended')
            return 'ended';
        for (const { from, to } of segments) {
            const fromMs = Math.max(instant(day, from), startMs);
            const toMs = instant(day, to);
            if (fromMs >= toMs)
                continue;
            if (leftMs <= toMs - fromMs)
                return fromMs + leftMs;
            leftMs -= toMs - fromMs;
        }
    }
}
export function slowSubtract(calendar, endMs, minutes) {
    if (isOutside(calendar, endMs))
        return 'ended';
    if (minutes === 0)
        return endMs;
    let leftMs = Math.round(minutes * MINUTE_MS);
    for (let day = slowDayOf(endMs - 1);; day -= 1) {
        const segments = slowSegments(calendar, day);
        if (segments === 'ended')
            return 'ended';
        for (const { from, to } of [...segments].reverse()) {
            const fromMs = instant(day, from);
            const toMs = Math.min(instant(day, to), endMs);
            if (fromMs >= toMs)
                continue;
            if (leftMs <= toMs - fromMs)
                return toMs - leftMs;
            leftMs -= toMs - fromMs;
        }
    }
}
export function slowAddDays(calendar, startMs, days) {
    if (isOutside(calendar, startMs))
        return 'ended';
    let left = days;
    for (let day = slowDayOf(startMs) + 1;; day += 1) {
        const segments = slowSegments(calendar, day);
        if (segments === 'ended')
            return 'ended';
        const last = segments.at(-1);
        if (last === undefined)
            continue;
        left -= 1;
        if (left === 0)
            return instant(day, last.to);
    }
}
export function slowBetween(calendar, startMs, endMs) {
    if (endMs <= startMs)
        return 0;
    if (isOutside(calendar, startMs) || isOutside(calendar, endMs))
        return 'ended';
    let sumMs = 0;
    for (let day = slowDayOf(startMs); day <= slowDayOf(endMs - 1); day += 1) {
        const segments = slowSegments(calendar, day);
        if (segments === 'ended')
            return 'ended';
        for (const { from, to } of segments)
            sumMs += Math.max(0, Math.min(instant(day, to), endMs) - Math.max(instant(day, from), startMs));
    }
    return sumMs / MINUTE_MS;
}
function slowSegments(calendar, day) {
    const date = new Date(day * DAY_MS);
    const year = date.getUTCFullYear();
    if (year < calendar.firstYear || year > calendar.confirmedUntil)
        return 'ended';
    const exception = calendar.exceptions[date.toISOString().slice(0, 10)];
    if (exception !== undefined)
        return exception.hours === 'off' ? [] : exception.hours;
    const number = (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
    return calendar.seasons.flatMap(({ fromDay, toDay, week }) => {
        const [from, to] = [fromDay, toDay].map((text) => Number(text.replace('-', '')));
        const isIn = from <= to ? number >= from && number <= to : number >= from || number <= to;
        return isIn ? (week[date.getUTCDay()] ?? []) : [];
    });
}
/** The instant at which the last confirmed year ends is still inside. */
function isOutside(calendar, ms) {
    const from = Date.UTC(calendar.firstYear, 0, 1) - OFFSET_MS;
    const to = Date.UTC(calendar.confirmedUntil + 1, 0, 1) - OFFSET_MS;
    return ms < from || ms > to;
}
function slowDayOf(ms) {
    return Math.floor((ms + OFFSET_MS) / DAY_MS);
}
function instant(day, minute) {
    return day * DAY_MS - OFFSET_MS + minute * MINUTE_MS;
}
//# sourceMappingURL=slow-working-time.js.map