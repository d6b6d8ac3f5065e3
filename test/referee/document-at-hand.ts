import { documentOf as rebuilt, SPECIFICATION } from '../../src/maintainx/index.ts';
import { documentOf, readDocument, specificationFile, type ApiDocument } from './document.ts';

/** MaintainX's API has one server; the document that the catalogue stands for names it too. */
export const SERVERS = [{ url: 'https://api.getmaintainx.com/v1' }];

/** The vendor's document where it is at hand, else the one that the catalogue stands for; and which it is. */
export function documentAtHand(): { readonly document: ApiDocument; readonly whose: string } {
  const file = specificationFile(undefined);
  if (file !== undefined) return { document: readDocument(file), whose: "MaintainX's document" };
  return {
    document: documentOf({ ...rebuilt(SPECIFICATION), servers: SERVERS }),
    whose: 'the document that the catalogue stands for',
  };
}
