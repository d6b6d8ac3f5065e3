import { touch, type Plant } from './plant.ts';
import { textOf, textsOf, type Row } from './row.ts';

/** Work orders name their categories by label: a new label shows at all of them. */
export function renameCategory(plant: Plant, before: Row, category: Row): void {
  const [from, to] = [textOf(before['label']), textOf(category['label'])];
  // A copy: who is renamed leaves the group.
  const workOrders = [...plant.store.where('work-order', 'categories', from).forwards()];
  for (const workOrder of workOrders) {
    workOrder['categories'] = textsOf(workOrder['categories']).map((label) => (label === from ? to : label));
    touch(plant, workOrder);
  }
}
