import { createToken, revokeToken, type NewToken } from '../access/index.ts';
import { raise } from '../errors.ts';
import { INSTALLATION, type Change, type ChangeTransaction } from './office.ts';

/** Whose tokens: the transaction's tenant's, or null the installation's. */
const holderOf = ({ whole }: ChangeTransaction): string | null =>
  whole.tenantId === INSTALLATION ? null : whole.tenantId;

/** Makes a token; the answer is the only one that shows it. */
export const makeToken =
  (given: Omit<NewToken, 'tenantId'>): Change<{ tokenId: string; token: string }> =>
  async (tx) => {
    const { tokenId, name, role, scopes, expiresAt } = given;
    const secret = await createToken(tx.whole, { ...given, tenantId: holderOf(tx) }, tx.now);
    return {
      target: tokenId,
      before: null,
      after: { name, role, scopes, expiresAt },
      answer: { tokenId, token: secret.reveal() },
    };
  };

/** Ends a token. Rejects with `not-found` when there is none of this id that works. */
export const endToken =
  (tokenId: string): Change<null> =>
  async (tx) => {
    if (!(await revokeToken(tx.whole, holderOf(tx), tokenId, tx.now)))
      throw raise('not-found', 'there is no such token that still works');
    return { target: tokenId, before: 'valid', after: 'revoked', answer: null };
  };
