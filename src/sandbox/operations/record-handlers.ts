import type { Handlers } from './handler.ts';
import { recordOperations } from './records-api.ts';

const workOrders = recordOperations('work-order');
const assets = recordOperations('asset');
const locations = recordOperations('location');
const parts = recordOperations('part');
const purchaseOrders = recordOperations('purchase-order');
const vendors = recordOperations('vendor');
const users = recordOperations('user');
const teams = recordOperations('team');
const meters = recordOperations('meter');
const workRequests = recordOperations('work-request');
const categories = recordOperations('category');

/** The five operations of each mirrored kind. */
export const recordHandlers = {
  listWorkOrders: workOrders.list,
  getWorkOrder: workOrders.get,
  createWorkOrder: workOrders.create,
  updateWorkOrder: workOrders.update,
  deleteWorkOrder: workOrders.remove,
  listAssets: assets.list,
  getAsset: assets.get,
  createAsset: assets.create,
  updateAsset: assets.update,
  deleteAsset: assets.remove,
  listLocations: locations.list,
  getLocation: locations.get,
  createLocation: locations.create,
  updateLocation: locations.update,
  deleteLocation: locations.remove,
  listParts: parts.list,
  getPart: parts.get,
  createPart: parts.create,
  updatePart: parts.update,
  deletePart: parts.remove,
  listPurchaseOrders: purchaseOrders.list,
  getPurchaseOrder: purchaseOrders.get,
  createPurchaseOrder: purchaseOrders.create,
  updatePurchaseOrder: purchaseOrders.update,
  deletePurchaseOrder: purchaseOrders.remove,
  listVendors: vendors.list,
  getVendor: vendors.get,
  createVendor: vendors.create,
  updateVendor: vendors.update,
  deleteVendor: vendors.remove,
  listUsers: users.list,
  getUser: users.get,
  createUser: users.create,
  updateUser: users.update,
  deleteUser: users.remove,
  listTeams: teams.list,
  getTeam: teams.get,
  createTeam: teams.create,
  updateTeam: teams.update,
  deleteTeam: teams.remove,
  listMeters: meters.list,
  getMeter: meters.get,
  createMeter: meters.create,
  updateMeter: meters.update,
  deleteMeter: meters.remove,
  listWorkRequests: workRequests.list,
  getWorkRequest: workRequests.get,
  createWorkRequest: workRequests.create,
  updateWorkRequest: workRequests.update,
  deleteWorkRequest: workRequests.remove,
  listCategories: categories.list,
  getCategory: categories.get,
  createCategory: categories.create,
  updateCategory: categories.update,
  deleteCategory: categories.remove,
} satisfies Partial<Handlers>;
