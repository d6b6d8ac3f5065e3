import type { Json } from '../../base/json.ts';
import type { HookEvent, CoreKind } from '../../maintainx/catalogue/index.ts';

/** Milliseconds; or any number of them between two. */
export type Millis = number | readonly [least: number, most: number];

/**
 * When a fault strikes. Everything given must hold; with nothing given, it always strikes.
 * Times count from the moment when the faults were set, by the sandbox's clock.
 */
export type Schedule = {
  /** 0 to 1. Default 1. */
  readonly probability?: number;
  /** Of the requests or deliveries that fit: each n-th. */
  readonly every?: number;
  /** Of those that fit: the first is 1. */
  readonly at?: readonly number[];
  /** Leaves the first ones alone. */
  readonly after?: number;
  /** Not more often than this. */
  readonly times?: number;
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** Ids. Default all. */
  readonly organizations?: readonly number[];
};

type OnRequests = Schedule & {
  /** Names of operations, e.g. `listWorkOrders`. Default all. */
  readonly operations?: readonly string[];
  readonly methods?: readonly ('GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE')[];
  /** What is at the operation's path, e.g. `work-order`. */
  readonly kinds?: readonly CoreKind[];
};

type OnHooks = Schedule & { readonly events?: readonly HookEvent[] };

type Always = {
  readonly fromMs?: number;
  readonly untilMs?: number;
};

export type RequestFault = OnRequests &
  (
    | {
        /** 429, without the limit being reached. */
        readonly fault: 'tooManyRequests';
        /** Whether it says when to come back. Default true. */
        readonly headers?: boolean;
        /** What `X-Rate-Limit-Reset` says, however absurd. Default 10. */
        readonly reset?: number | string;
      }
    | {
        /** HTML, as a proxy in between answers. Not executed. */
        readonly fault: 'serverError';
        /** Default 503. */
        readonly status?: 500 | 502 | 503 | 504;
      }
    /** Waits before it executes. */
    | { readonly fault: 'latency'; readonly ms: Millis }
    /** The answer comes in dribbles, so many bytes at a time (default 16), with a pause after each (default 50 ms). */
    | { readonly fault: 'slowBody'; readonly bytes?: number; readonly pauseMs?: number }
    /** Promises more bytes than it sends, and hangs up. Default: sends half. */
    | { readonly fault: 'cutBody'; readonly bytes?: number }
    /** Resets the connection before or after the request was executed. Default before. */
    | { readonly fault: 'reset'; readonly when?: 'before' | 'after' }
    /** Executes, and never answers; hangs up after a while if told to. */
    | { readonly fault: 'noAnswer'; readonly cutAfterMs?: number }
    /** Takes the request, hangs or hangs up (default), and executes it so much later. */
    | { readonly fault: 'lateExecution'; readonly ms: Millis; readonly connection?: 'hang' | 'cut' }
    /** 200 with an empty list and no cursor (FACTS 2.3). */
    | { readonly fault: 'emptyPage' }
    /** The next cursor is the one that the request came with. */
    | { readonly fault: 'repeatedCursor' }
    /** The next cursor leads back to the second page. */
    | { readonly fault: 'loopingCursor' }
    /** 401, until the time is over or the faults are cleared. */
    | { readonly fault: 'revokedKey' }
  );

export type HookFault = OnHooks &
  (
    | { readonly fault: 'dropHook' }
    /** Default: it comes twice. */
    | { readonly fault: 'doubleHook'; readonly copies?: number }
    | { readonly fault: 'lateHook'; readonly ms: Millis }
    /** Holds hooks back until there are so many (default 5), or so long (default 1000 ms), and sends them in any order. */
    | { readonly fault: 'shuffleHooks'; readonly size?: number; readonly withinMs?: number }
    /** The subscription is deleted, and nobody is told; the hook is lost. */
    | { readonly fault: 'vanishingSubscription' }
  );

export type StandingFault = Always &
  (
    | {
        /** Records are in lists only so long after they were made or changed; single GETs show them at once (FACTS 2.3). */
        readonly fault: 'listLag';
        readonly ms: number;
        readonly kinds?: readonly CoreKind[];
        readonly organizations?: readonly number[];
      }
    /** The sandbox's clock is off: Date header, `t` of hooks, time stamps of records. */
    | { readonly fault: 'clockOff'; readonly offsetMs: number }
  );

/** One fault with its settings. */
export type FaultRule = RequestFault | HookFault | StandingFault;

export type FaultName = FaultRule['fault'];

type Settings<Name extends FaultName> = Omit<Extract<FaultRule, { readonly fault: Name }>, 'fault'>;

/**
 * What goes wrong: settings by the name of the fault, or a list of such settings. The same seed and the same requests
 * give the same faults.
 */
export type FaultPlan = {
  /** Default 1. */
  readonly seed?: number;
} & { readonly [Name in FaultName]?: Settings<Name> | readonly Settings<Name>[] };

/** A plan after it was checked. */
export interface CheckedPlan {
  /** As it was written. */
  readonly written: Json;
  readonly seed: number;
  /** `index` is the rule's place among those of its fault. */
  readonly rules: readonly { readonly rule: FaultRule; readonly index: number }[];
}
