genes <- c("BAX", "ALAS2", "SOX4", "RUNX2") # up to 100
address <- paste0("https://tflink.example.org/api/v1/interactions/?taxon=9606&format=tsv&target=",
                  paste(genes, collapse = ","))
regulators <- read.delim(address, quote = "", na.strings = "-", colClasses = "character")
print(regulators[c("Name.TF", "Name.Target", "Source.database")])
