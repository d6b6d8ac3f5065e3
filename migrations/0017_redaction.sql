-- What must be forgotten. The log is only added to, but for this: a value may become "[redacted]", and nothing else.

-- Whether `after` is `before` with some of its values redacted.
create function is_redaction(before json, after json) returns boolean
  language plpgsql immutable parallel safe as $$
begin
  if after::text = '"[redacted]"' or before::text = after::text then
    return true;
  end if;
  if json_typeof(before) <> json_typeof(after) then
    return false;
  end if;
  if json_typeof(before) = 'object' then
    return (select count(*) from json_object_keys(before)) = (select count(*) from json_object_keys(after))
      and not exists (
        select from json_each(before) b full join json_each(after) a using (key)
        where a.value is null or b.value is null or not is_redaction(b.value, a.value));
  end if;
  if json_typeof(before) = 'array' then
    return json_array_length(before) = json_array_length(after)
      and not exists (
        select from json_array_elements(before) with ordinality b (value, place)
          join json_array_elements(after) with ordinality a (value, place) using (place)
        where not is_redaction(b.value, a.value));
  end if;
  return false;
end
$$;

-- Redacts one event of the tenant of this transaction. False: it is not there, or `redacted` is something else.
create function redact_event(event_seq bigint, redacted json) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update events set data = redacted
  where tenant_id = current_tenant() and seq = event_seq and is_redaction(data, redacted);
  return found;
end
$$;

-- Deletes the bodies of webhooks whose facts, by these keys, the log has. Those that wait or are parked stay. Answers how many went.
create function forget_bodies(organization text, keys bytea[]) returns integer
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  went integer;
begin
  delete from deliveries d
  where tenant_id = current_tenant()
    and sha256(convert_to(octet_length(organization) || ':' || organization || octet_length(event_type) || ':' || event_type
                          || octet_length(body) || ':', 'UTF8') || body)
        in (select e.fact_key from events e where e.tenant_id = current_tenant() and e.fact_key = any(keys))
    and not exists (select from delivery_queue q
                    where q.tenant_id = d.tenant_id and q.received_on = d.received_on and q.fingerprint = d.fingerprint)
    and not exists (select from delivery_parked p
                    where p.tenant_id = d.tenant_id and p.received_on = d.received_on and p.fingerprint = d.fingerprint);
  get diagnostics went = row_count;
  return went;
end
$$;
revoke execute on function redact_event(bigint, json), forget_bodies(text, bytea[]) from public;
