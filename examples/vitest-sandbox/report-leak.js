/** The code under test: one open work order for each leaking asset. */
export async function reportLeak(client, assetId) {
  for await (const page of client.pagesOf('listWorkOrders', { query: { assets: [assetId], statuses: ['OPEN'] } })) {
    const known = page.rows.find((row) => row.title === 'Leak');
    if (known) return known.id;
  }
  const { id } = await client.call('createWorkOrder', { body: { title: 'Leak', assetId, priority: 'HIGH' } });
  return id;
}
