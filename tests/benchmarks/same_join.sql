-- The rows and columns of TFLink's table as one query: what the shell of SQLite writes to CSV
-- in tests/benchmarks/bulk_speed.py. Lists are made once for each protein and each row of
-- evidence, as by somebody who wants it fast. `:taxon` is an NCBI taxon ID.
WITH
genes AS MATERIALIZED (
  SELECT protein_id, group_concat(ncbi_gene_id, ';') AS ids
  FROM (SELECT protein_id, ncbi_gene_id FROM proteins_geneid ORDER BY 1, 2)
  GROUP BY protein_id),
found AS MATERIALIZED (
  SELECT protein_id,
    group_concat(CASE WHEN in_tflink THEN code || ':' || identifier END, ';') AS ours,
    group_concat(CASE WHEN NOT in_tflink THEN code || ':' || identifier END, ';') AS others
  FROM (SELECT o.protein_id, o.in_tflink, x.code, o.identifier
    FROM proteins_ortholog o JOIN proteins_taxon x ON x.id = o.taxon_id ORDER BY 1, 3, 4)
  GROUP BY protein_id),
methods AS MATERIALIZED (
  SELECT evidence_id, group_concat(name, ';') AS names
  FROM (SELECT l.evidence_id, m.name
    FROM proteins_evidencemethod l JOIN proteins_detectionmethod m ON m.id = l.method_id
    ORDER BY 1, 2)
  GROUP BY evidence_id),
papers AS MATERIALIZED (
  SELECT evidence_id, group_concat(pmid, ';') AS pmids
  FROM (SELECT l.evidence_id, c.pmid
    FROM proteins_evidencecitation l JOIN proteins_citation c ON c.id = l.citation_id
    ORDER BY 1, 2)
  GROUP BY evidence_id),
sources AS MATERIALIZED (
  SELECT evidence_id, group_concat("key", ';') AS keys
  FROM (SELECT l.evidence_id, s."key"
    FROM proteins_evidencesource l JOIN proteins_sourcedatabase s ON s.id = l.source_id
    ORDER BY 1, 2)
  GROUP BY evidence_id)
SELECT tf.accession AS "UniprotID.TF", target.accession AS "UniprotID.Target",
  coalesce(tf_genes.ids, '-') AS "NCBI.GeneID.TF",
  coalesce(target_genes.ids, '-') AS "NCBI.GeneID.Target",
  coalesce(nullif(tf.name, ''), '-') AS "Name.TF",
  coalesce(nullif(target.name, ''), '-') AS "Name.Target",
  coalesce(methods.names, '-') AS "Detection.method", coalesce(papers.pmids, '-') AS "PubmedID",
  taxon.scientific_name AS "Organism", coalesce(sources.keys, '-') AS "Source.database",
  CASE e.small_scale WHEN 2 THEN 'Yes' WHEN 1 THEN 'No' ELSE '-' END AS "Small-scale.evidence",
  coalesce(of_tf.ours, '-') AS "TF.TFLink.ortho",
  coalesce(of_tf.others, '-') AS "TF.nonTFLink.ortho",
  coalesce(of_target.ours, '-') AS "Target.TFLink.ortho",
  coalesce(of_target.others, '-') AS "Target.nonTFLink.ortho"
FROM proteins_interaction i
JOIN proteins_protein tf ON tf.id = i.tf_id
JOIN proteins_protein target ON target.id = i.target_id
JOIN proteins_taxon taxon ON taxon.id = tf.taxon_id
JOIN proteins_evidence e ON e.id = i.evidence_id
LEFT JOIN genes tf_genes ON tf_genes.protein_id = tf.id
LEFT JOIN genes target_genes ON target_genes.protein_id = target.id
LEFT JOIN found of_tf ON of_tf.protein_id = tf.id
LEFT JOIN found of_target ON of_target.protein_id = target.id
LEFT JOIN methods ON methods.evidence_id = e.id
LEFT JOIN papers ON papers.evidence_id = e.id
LEFT JOIN sources ON sources.evidence_id = e.id
WHERE taxon.ncbi_taxon_id = :taxon AND i.status <> 3
ORDER BY i.tf_id, i.target_id;
