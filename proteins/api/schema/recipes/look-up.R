api <- "https://tflink.example.org/api/v1"
asked <- c("Q9UK53", "Q07812") # up to 100
address <- paste0(api, "/proteins/?format=tsv&accession=", paste(asked, collapse = ","))
print(read.delim(address, quote = "", na.strings = "", colClasses = "character"))
