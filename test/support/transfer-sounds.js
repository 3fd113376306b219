const TALK = { citizen: 'operator', operator: 'citizen' };
/** Who hears whom in the states that last. Of ringing nothing is said: it is silent most of the time. */
export const SOUNDS = {
    ringing: { citizen: 'music' },
    ringingAside: TALK,
    consult: { citizen: 'music', operator: 'agency', agency: 'operator' },
    citizenSide: { ...TALK, agency: 'music' },
    merged: { citizen: 'agency+operator', operator: 'agency+citizen', agency: 'citizen+operator' },
    blind: { citizen: 'music' },
    afterCitizen: { operator: 'agency', agency: 'operator' },
    completed: { citizen: 'agency', agency: 'citizen' },
    returned: TALK,
    /** First in the queue: whichever operator is free takes the call. */
    requeued: { citizen: ['music', 'operator'] },
};
//# sourceMappingURL=transfer-sounds.js.map