-- Spreads a database of fluvial over the nodes of a Citus cluster, by experiment.
--
-- Run it once, on the coordinator, in the database of fluvial, after `fluvial db upgrade` and
-- `CREATE EXTENSION citus`, with the servers stopped. Tables with data are moved as they are.

-- Small, or looked up by something other than the experiment: on every node.
SELECT create_reference_table('fluvial_version');
SELECT create_reference_table('experiment');
SELECT create_reference_table('key');
SELECT create_reference_table('metric_source');
SELECT create_reference_table('run_place');
SELECT create_reference_table('lease');
SELECT create_reference_table('saved_view');
SELECT create_reference_table('report');
SELECT create_reference_table('logged_model_place');
SELECT create_reference_table('registered_model');
SELECT create_reference_table('registered_model_tag');
SELECT create_reference_table('model_alias');
SELECT create_reference_table('model_version');
SELECT create_reference_table('model_version_tag');
SELECT create_reference_table('registry_event');
SELECT create_reference_table('registry_policy');
SELECT create_reference_table('model_evidence');
SELECT create_reference_table('gate_result');
SELECT create_reference_table('promotion_request');
SELECT create_reference_table('promotion_review');
SELECT create_reference_table('webhook');
SELECT create_reference_table('webhook_delivery');

-- Everything of an experiment is on one node: every join below stays there.
SELECT create_distributed_table('run', 'experiment_id');
SELECT create_distributed_table('experiment_tag', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('experiment_key', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('experiment_text', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('run_text', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('text_backlog', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('run_change', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('run_origin', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('param', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('tag', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('metric', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('segment', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('chunk', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('rollup', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('dataset', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('run_input', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('run_model', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('media', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('logged_model', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('logged_model_param', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('logged_model_tag', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('logged_model_metric', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('column_block', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('column_checkpoint', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('upload', 'experiment_id', colocate_with => 'run');
SELECT create_distributed_table('upload_part', 'experiment_id', colocate_with => 'run');

-- Asked for one at a time, by their own id.
SELECT create_distributed_table('journal', 'journal_id', colocate_with => 'none');
SELECT create_distributed_table('heartbeat', 'run_id', colocate_with => 'none');
SELECT create_distributed_table('report_version', 'report_id', colocate_with => 'none');
