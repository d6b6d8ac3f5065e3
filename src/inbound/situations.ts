import type { Why } from '../records/index.ts';

/** Rare situations of the engine, each with what happened and what it does about it. */
export const ENGINE_SITUATIONS = {
  'poll-reanchored': 'a poll went on from the last row of its page, so that shifting rows hide nothing',
  'poll-tie-at-anchor': 'a whole page had one and the same time: the poll went on by cursor',
  'poll-cursor-loop': 'a poll met a cursor again and stopped; the sweep finds what it left out',
  'poll-unsorted-page': 'a page was not in the order that was asked for: its greatest time is the anchor',
  'watermark-clamped': 'a row was dated later than the clock of MaintainX: the watermark stayed at the clock',
  'late-visible-record': 'a record came to light in the overlap, behind the watermark',
  'list-cursor-loop': 'a list met a cursor again and was left: it proves nothing about what it lacks',
  'list-cursor-refused': 'MaintainX took a cursor no more: the list began anew',
  'list-empty': 'a list was empty though we hold records of its kind',
  'row-seen-twice': 'rows shifted: a walk through a list met a record again',
  'row-without-id': 'a row without a usable id was left out',
  'found-by-sweep': 'a sweep found a change that neither webhook nor poll had told',
  'found-by-reread': 'reading a record again found a change that its list row does not tell',
  'lagging-row-in-sweep': 'a sweep met a row older than what we hold: a single read decides',
  'run-resumed': 'a backfill or sweep went on where another process had stopped',
  'run-troubled': 'a kind could not be listed for now: the run rests and tries again',
  'kind-refused': 'MaintainX refused to list a kind: the run goes on without it',
  'suspect-raised': 'a sweep did not meet a record that we hold',
  'suspect-alive': 'a single read found a suspect alive',
  'suspect-gone': 'a single read found a suspect gone',
  'brake-on': 'very many records were missing at once: they wait for a person',
  'brake-released': 'a person believed that very many records are gone',
  'probe-passed': 'a record was gone while another of its kind could be read: it is deleted',
  'probe-failed': 'no record of the kind could be read: permission is lost, nothing counts as deleted',
  'probe-impossible': 'the last record of a kind was gone: a person decides',
  'parent-in-doubt': 'what hangs on a record was gone while that seemed to be there: the record is looked at first',
  'tombstone-withheld': 'key or permission changed a short while ago: nothing counts as deleted yet',
  surge: 'webhooks told of very many records at once: pages of the list were read instead of each record',
  'surge-row-lags': 'in a surge, a list did not show a record as new as the webhook said: it was read alone',
  'read-postponed': 'a single read failed for a passing reason and is tried again',
  'read-parked': 'a single read failed again and again: it waits for a person',
  'wish-outlived-read': 'a record was wished for again while it was being read: it is read once more',
  'read-overtaken': 'a single read was overtaken by another: it is made again',
  'key-refused': 'MaintainX refused the key: the tenant rests, and one request now and then asks again',
  'key-accepted-again': 'MaintainX takes the key again: work goes on',
  'connection-rests': 'MaintainX is down for this connection: nothing is sent until it is tried again',
  'hooks-silent': 'webhooks came and come no more, though lists show changes: everything is swept, a person is told',
  'catch-up': 'nothing was polled for long: everything is swept once to cover the gap',
  'lease-lost': 'another process took over: what this one still did was refused',
} as const satisfies Readonly<Record<string, string>>;

/** What becomes of files, where a tenant wants their bytes. */
const FILE_SITUATIONS = {
  'file-stored': 'the bytes of a file were stored',
  'file-postponed': 'a file could not be read or stored: it is tried again with a fresh link',
  'file-given-up': 'a file is too large, or could not be read again and again: it is left alone',
} as const satisfies Readonly<Record<string, string>>;

/** What the engine tells of its rarer moments: its own, and the judge's reasons. For metrics and for proofs. */
export type Situation = keyof typeof ENGINE_SITUATIONS | keyof typeof FILE_SITUATIONS | Why;
