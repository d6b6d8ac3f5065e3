import { objectOf, type JsonObject } from '../../base/json.ts';
import { badFields, fieldError, refused, type Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import { touch, type Plant } from '../plant/plant.ts';
import { idOf, textOf, type Row } from '../plant/row.ts';
import { contactsOf, newContact } from '../plant/vendor-contact.ts';
import type { World } from '../world.ts';
import type { Handlers } from './handler.ts';
import { projectedRow, rowIn, shownPage, shownSingle } from './shown-page.ts';

function listContacts({ plant }: World, request: ApiRequest): Answer {
  const vendor = rowIn(plant, 'vendor', request);
  return shownPage('listVendorContacts', 'contacts', contactsOf(plant, vendor), request);
}

/** Answers the whole contact, without a wrapping. */
function createContact({ plant }: World, request: ApiRequest): Answer {
  const vendor = rowIn(plant, 'vendor', request, 'Vendor Not Found');
  const contact = newContact(plant, vendor, checked(objectOf(request.body)), request.act);
  return { status: 201, json: projectedRow('createVendorContact', contact) };
}

function checked(body: JsonObject): JsonObject {
  if (body['name'] !== undefined && textOf(body['name']).trim() === '')
    throw badFields([fieldError('must NOT have fewer than 1 characters', 'name', body['name'])]);
  return body;
}

/** A contact of another vendor is not found here. */
function contactIn(plant: Plant, request: ApiRequest): Row {
  const vendor = rowIn(plant, 'vendor', request, 'Contact Not Found');
  const contact = rowIn(plant, 'vendor-contact', request, 'Contact Not Found', 'contactId');
  if (contact['vendorId'] !== idOf(vendor)) throw refused(404, 'Contact Not Found');
  return contact;
}

function updateContact({ plant }: World, request: ApiRequest): Answer {
  const contact = contactIn(plant, request);
  const body = checked(objectOf(request.body));
  if (Object.keys(body).length === 0) throw badFields([{ error: 'must not be empty' }]);
  Object.assign(contact, body);
  touch(plant, contact);
  touch(plant, rowIn(plant, 'vendor', request));
  return shownSingle('updateVendorContact', 'contact', contact);
}

function deleteContact({ plant }: World, request: ApiRequest): Answer {
  plant.store.delete('vendor-contact', idOf(contactIn(plant, request)));
  touch(plant, rowIn(plant, 'vendor', request));
  return { status: 204 };
}

export const vendorContactHandlers = {
  listVendorContacts: listContacts,
  createVendorContact: createContact,
  getVendorContact: ({ plant }, request) => shownSingle('getVendorContact', 'vendorContact', contactIn(plant, request)),
  updateVendorContact: updateContact,
  deleteVendorContact: deleteContact,
} satisfies Partial<Handlers>;
